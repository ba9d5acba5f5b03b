package dev.bitacora.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.cli.Cli.Result;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo as a process: every event that a component recorded is found, once, as it was recorded.
 */
class DemoTest {
  @TempDir Path folder;

  @Test
  void embedded_losesAndDoublesNothing_alsoTheSecondTimeInTheSameFolder() throws Exception {
    for (int i = 0; i < 2; i++) {
      check(
          Cli.run(
              folder,
              180,
              Map.of(),
              "demo",
              "--events",
              "1000",
              "--exit",
              "--listen",
              "127.0.0.1:0"));
    }
  }

  @Test
  void onRealEngines_losesAndDoublesNothing() throws Exception {
    check(
        Cli.run(
            folder,
            300,
            Map.of(),
            "demo",
            "--engines",
            "kafka,elasticsearch",
            "--events",
            "1000",
            "--exit",
            "--listen",
            "127.0.0.1:0"));
  }

  private static void check(Result result) {
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out().strip().lines().reduce((first, second) -> second).orElseThrow())
        .matches("recorded=1000 searchable=1000 duplicates=0 lost=0 seconds=[0-9.]+");
  }
}
