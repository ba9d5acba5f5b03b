package dev.bitacora.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChaosOptionsTest {
  @Test
  void defaults_areAsTheUsageSays() {
    ChaosOptions options = ChaosOptions.parse(List.of());
    assertThat(options.rounds()).isEqualTo(20);
    assertThat(options.sabotage()).isEmpty();
    assertThat(ChaosOptions.USAGE).contains("(20)", "(by chance)", "(none)");
  }

  @Test
  void everyOption_isTaken() {
    assertThat(
            ChaosOptions.parse(
                List.of("--rounds", "3", "--seed", "-5", "--sabotage", "stop-at-hole")))
        .isEqualTo(new ChaosOptions(3, -5, Optional.of(Sabotage.STOP_AT_HOLE)));
  }

  @Test
  void wrongUsage_isNamed() {
    assertThatThrownBy(() -> ChaosOptions.parse(List.of("--round", "5")))
        .hasMessage("--round: no such option");
    assertThatThrownBy(() -> ChaosOptions.parse(List.of("--rounds")))
        .hasMessage("--rounds: expected an option with a value");
    assertThatThrownBy(() -> ChaosOptions.parse(List.of("--rounds", "0")))
        .hasMessage("--rounds: expected 1 to 10000, found 0");
    assertThatThrownBy(() -> ChaosOptions.parse(List.of("--seed", "x")))
        .hasMessage("--seed: expected a number, found x");
    assertThatThrownBy(() -> ChaosOptions.parse(List.of("--sabotage", "x")))
        .hasMessage("--sabotage: expected stop-at-hole or ack-before-durable, found x");
  }
}
