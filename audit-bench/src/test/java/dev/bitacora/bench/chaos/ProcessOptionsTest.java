package dev.bitacora.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessOptionsTest {
  @Test
  void defaults_areAsTheUsageSays() {
    assertThat(ProcessOptions.parse(List.of())).isEqualTo(new ProcessOptions(1000, 100, 20));
    assertThat(ProcessOptions.USAGE).contains("(1000,", "(100)", "(20)");
  }

  @Test
  void everyOption_isTaken() {
    assertThat(
            ProcessOptions.parse(List.of("--sequential", "0", "--parallel", "5", "--killed", "2")))
        .isEqualTo(new ProcessOptions(0, 5, 2));
  }

  @Test
  void wrongUsage_isNamed() {
    assertThatThrownBy(() -> ProcessOptions.parse(List.of("--jvms", "5")))
        .hasMessage("--jvms: no such option");
    assertThatThrownBy(() -> ProcessOptions.parse(List.of("--killed", "-1")))
        .hasMessage("--killed: expected a number from 0 to 10000, found -1");
    assertThatThrownBy(() -> ProcessOptions.parse(List.of("--parallel", "5")))
        .hasMessage("--killed: expected at most --parallel, found 20");
  }
}
