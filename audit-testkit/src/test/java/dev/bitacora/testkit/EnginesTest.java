package dev.bitacora.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The servers of a JVM of their own; its java.io.tmpdir is watched. */
class EnginesTest {
  @TempDir Path temporary;
  private Process engines;

  @BeforeEach
  void letNobodyIn() throws IOException {
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void endWhatATestLeft() {
    if (engines != null) {
      engines.destroyForcibly();
    }
  }

  @Test
  void killedWithoutWarning_leavesNoProcessAndNoFile() throws Exception {
    start("kafka,elasticsearch");
    assertThat(linesUntilReady())
        .anyMatch(line -> line.matches("kafka=127\\.0\\.0\\.1:\\d+"))
        .anyMatch(line -> line.matches("elasticsearch=http://127\\.0\\.0\\.1:\\d+"));
    List<ProcessHandle> processes = engines.descendants().toList();
    assertThat(processes).hasSizeGreaterThanOrEqualTo(5);
    assertThat(files()).hasSize(2);

    engines.destroyForcibly();

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(processes).noneMatch(ProcessHandle::isAlive);
              assertThat(files()).isEmpty();
            });
  }

  @Test
  void whoseInputEnds_stopAndLeaveNothing() throws Exception {
    start("kafka");
    linesUntilReady();
    List<ProcessHandle> processes = engines.descendants().toList();

    engines.getOutputStream().close();

    assertThat(engines.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(engines.exitValue()).isZero();
    assertThat(processes).noneMatch(ProcessHandle::isAlive);
    assertThat(files()).isEmpty();
  }

  @Test
  void anUnknownServer_isWrongUsage() throws Exception {
    start("postgres");
    assertThat(engines.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(engines.exitValue()).isEqualTo(3);
  }

  private void start(String names) throws IOException {
    engines =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Djava.io.tmpdir=" + temporary,
                Engines.class.getName(),
                names,
                "--engines-dir",
                System.getProperty(EngineFiles.PROPERTY))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
  }

  private List<String> linesUntilReady() throws IOException {
    List<String> lines = new ArrayList<>();
    BufferedReader reader = engines.inputReader(StandardCharsets.UTF_8);
    String line = reader.readLine();
    while (line != null && !line.equals("ready")) {
      lines.add(line);
      line = reader.readLine();
    }
    assertThat(line).isEqualTo("ready");
    return lines;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.filter(file -> file.getFileName().toString().startsWith("bitacora-")).toList();
    }
  }
}
