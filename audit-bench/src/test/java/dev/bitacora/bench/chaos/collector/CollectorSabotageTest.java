package dev.bitacora.bench.chaos.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sabotage that has fallen behind the collector's source is found here, not in a long run. */
class CollectorSabotageTest {
  @TempDir private Path folder;

  @Test
  void commitEarly_fitsTheCollectorsSource() throws Exception {
    CollectorSabotage.COMMIT_EARLY
        .source()
        .orElseThrow()
        .compileInto(Path.of(System.getProperty("bitacora.root")), folder);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(Path::toString))
          .anyMatch(file -> file.endsWith("AssignedPartition.class"));
    }
  }
}
