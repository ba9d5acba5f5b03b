package dev.bitacora.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StoreBenchOptionsTest {
  @Test
  void defaults_areAsTheUsageSays() {
    StoreBenchOptions options = StoreBenchOptions.parse(List.of());
    assertThat(options).isEqualTo(new StoreBenchOptions(6, 40_000, 2, 2000));
    assertThat(StoreBenchOptions.USAGE).contains("(6)", "(40000)", "(2)", "(2000)");
  }

  @Test
  void everyOption_isTaken() {
    assertThat(
            StoreBenchOptions.parse(
                List.of("--rounds", "4", "--events", "900", "--writers", "3", "--batch", "100")))
        .isEqualTo(new StoreBenchOptions(4, 900, 3, 100));
  }

  @Test
  void aRound_isMadeOfWholeBatches() {
    StoreBenchOptions options = new StoreBenchOptions(1, 1000, 3, 100);
    assertThat(options.batchesPerWriter()).isEqualTo(3);
    assertThat(options.eventsPerRound()).isEqualTo(900);
  }

  @Test
  void wrongUsage_isNamed() {
    assertThatThrownBy(() -> StoreBenchOptions.parse(List.of("--round", "5")))
        .hasMessage("--round: no such option");
    assertThatThrownBy(() -> StoreBenchOptions.parse(List.of("--rounds")))
        .hasMessage("--rounds: expected an option with a number");
    assertThatThrownBy(() -> StoreBenchOptions.parse(List.of("--rounds", "x")))
        .hasMessage("--rounds: expected a number, found x");
    assertThatThrownBy(() -> StoreBenchOptions.parse(List.of("--rounds", "0")))
        .hasMessageContaining("at least one round");
  }
}
