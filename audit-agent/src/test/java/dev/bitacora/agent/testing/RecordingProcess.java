package dev.bitacora.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A component in a JVM of its own that says which events were accepted: {@code id sha256}. */
public final class RecordingProcess {
  /** Event id, space, SHA-256. */
  private static final int LINE = 49 + 1 + 64;

  private final Process process;
  private final Path output;

  private RecordingProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts one that keeps its spool in {@code directory/spool}. */
  public static RecordingProcess start(
      Path directory, IntakeServer intake, Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("BITACORA_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "BITACORA_SERVICE_NAME", "billing",
                "BITACORA_ENVIRONMENT", "prd",
                "BITACORA_URL", intake.url().toString(),
                "BITACORA_TOKEN", "t0ken",
                "BITACORA_QUIET", "true",
                "BITACORA_SPOOL_DIR", directory.resolve("spool").toString()));
    Path output = Files.createTempFile(directory, "receipts", "");
    return new RecordingProcess(builder.redirectOutput(output.toFile()).start(), output);
  }

  /** Waits until it has told so much. */
  public void awaitOutput(int bytes) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> Files.size(output) > bytes);
  }

  /** Waits until it ends by itself, in good order. */
  public void awaitEnd() throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    assertThat(process.exitValue()).isZero();
  }

  public void kill() throws InterruptedException {
    int unused = process.destroyForcibly().waitFor();
  }

  /** The lines that were written whole. */
  public List<String> receipts() throws IOException {
    try (Stream<String> lines = Files.lines(output)) {
      return lines.filter(line -> line.length() == LINE).toList();
    }
  }

  /** The lines of everything that has arrived. */
  public static Set<String> delivered(IntakeServer intake) {
    return intake.distinct().stream()
        .filter(record -> record.kind() == RecordKind.AUDIT)
        .map(RecordingProcess::line)
        .collect(Collectors.toSet());
  }

  private static String line(WireRecord record) {
    return record.position().eventId()
        + " "
        + HexFormat.of().formatHex(ChainLink.hash(record.value()));
  }
}
