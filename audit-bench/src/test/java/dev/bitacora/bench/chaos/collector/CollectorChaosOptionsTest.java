package dev.bitacora.bench.chaos.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CollectorChaosOptionsTest {
  @Test
  void defaults_areAsTheUsageSays() {
    CollectorChaosOptions options = CollectorChaosOptions.parse(List.of());
    assertThat(options.rounds()).isEqualTo(10);
    assertThat(options.sabotage()).isEmpty();
    assertThat(CollectorChaosOptions.USAGE).contains("(10)", "(by chance)", "(none)", "200");
  }

  @Test
  void everyOption_isTaken() {
    assertThat(
            CollectorChaosOptions.parse(
                List.of("--rounds", "50", "--seed", "-5", "--sabotage", "commit-early")))
        .isEqualTo(new CollectorChaosOptions(50, -5, Optional.of(CollectorSabotage.COMMIT_EARLY)));
  }

  @Test
  void wrongUsage_isNamed() {
    assertThatThrownBy(() -> CollectorChaosOptions.parse(List.of("--round", "5")))
        .hasMessage("--round: no such option");
    assertThatThrownBy(() -> CollectorChaosOptions.parse(List.of("--rounds")))
        .hasMessage("--rounds: expected an option with a value");
    assertThatThrownBy(() -> CollectorChaosOptions.parse(List.of("--rounds", "201")))
        .hasMessage("--rounds: expected 1 to 200, found 201");
    assertThatThrownBy(() -> CollectorChaosOptions.parse(List.of("--seed", "x")))
        .hasMessage("--seed: expected a number, found x");
    assertThatThrownBy(() -> CollectorChaosOptions.parse(List.of("--sabotage", "x")))
        .hasMessage("--sabotage: expected commit-early or duplicate-one, found x");
  }
}
