package dev.bitacora.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sabotage that has fallen behind the agent's source is found here, not in a long run. */
class SabotageTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Sabotage.class)
  void sabotage_fitsTheAgentsSource(Sabotage sabotage) throws Exception {
    sabotage.compileInto(Path.of(System.getProperty("bitacora.root")), folder);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(Path::toString)).anyMatch(file -> file.endsWith(".class"));
    }
  }
}
