package dev.bitacora.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertmanagerTest {
  @TempDir Path empty;

  @Test
  void executable_whenNoneIsInstalled_namesThePackage() {
    assertThatThrownBy(() -> Alertmanager.executable(empty.toString()))
        .hasMessageContaining("apt-get install")
        .hasMessageContaining("prometheus-alertmanager");
  }

  @Test
  void started_itAnswersAndHasNoAlerts() throws Exception {
    try (Alertmanager alertmanager = Alertmanager.start()) {
      assertThat(alertmanager.alerts().strip()).isEqualTo("[]");
    }
  }
}
