package dev.bitacora.bench.chaos.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A few real rounds; {@code dev/chaos collector --rounds 50} plays the long run. */
class CollectorChaosTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private int chaos(String... arguments) {
    return CollectorChaos.run(
        List.of(arguments), new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  @Test
  void twoRounds_loseNothingAndDoubleNothing() {
    int code = chaos("--rounds", "2", "--seed", "7");
    String said = out.toString(StandardCharsets.UTF_8);
    assertThat(code).as(said).isZero();
    String last = said.lines().reduce((a, b) -> b).orElseThrow();
    assertThat(last)
        .matches(
            "rounds=2 acknowledged=\\d{5,} indexed=\\d{5,} deadlettered=\\d+ lost=0 duplicates=0");
  }

  @Test
  void wrongUsage_isExitCode3() {
    assertThat(chaos("--sabotage", "nothing")).isEqualTo(3);
  }
}
