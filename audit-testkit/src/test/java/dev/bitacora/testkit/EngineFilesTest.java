package dev.bitacora.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineFilesTest {
  @TempDir Path empty;

  @Test
  void kafka_whenNotFetched_namesTheFileAndTheCommand() {
    assertThatThrownBy(() -> new EngineFiles(empty).kafka())
        .hasMessageContaining(empty.toString())
        .hasMessageContaining("kafka_2.13-")
        .hasMessageContaining("mvn -q -pl audit-testkit -am -DskipTests package");
  }

  @Test
  void elasticsearch_whenNotFetched_namesTheFileAndTheCommand() {
    assertThatThrownBy(() -> new EngineFiles(empty).elasticsearch())
        .hasMessageContaining(empty.toString())
        .hasMessageContaining("elasticsearch-8")
        .hasMessageContaining("mvn -q -pl audit-testkit -am -DskipTests package");
  }
}
