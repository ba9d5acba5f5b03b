package dev.bitacora.bench.chaos;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A component in a JVM of its own, from the parent's side. One thread's. */
final class ComponentProcess {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /** What the shell calls 128 + SIGKILL. */
  private static final int KILLED = 137;

  private final Process process;
  private final Path receipts;
  private final Path errors;

  private ComponentProcess(Process process, Path receipts, Path errors) {
    this.process = process;
    this.receipts = receipts;
    this.errors = errors;
  }

  /**
   * Starts one.
   *
   * @param work where its spool and its output are
   * @param patch classes that replace the agent's
   */
  static ComponentProcess start(
      Path work, String bootstrapServers, Optional<Path> patch, String name, List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                patch.map(folder -> folder + File.pathSeparator).orElse("")
                    + System.getProperty("java.class.path"),
                RecordingComponent.class.getName()));
    command.addAll(arguments);
    Path receipts = work.resolve(name + ".receipts");
    Path errors = work.resolve("components.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(receipts.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    builder.environment().keySet().removeIf(variable -> variable.startsWith("BITACORA_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "BITACORA_SERVICE_NAME",
                "chaos",
                "BITACORA_ENVIRONMENT",
                "test",
                "BITACORA_SPOOL_DIR",
                work.resolve("spool").toString(),
                "BITACORA_KAFKA_BOOTSTRAP_SERVERS",
                bootstrapServers));
    return new ComponentProcess(builder.start(), receipts, errors);
  }

  /** Waits until it has told the first receipt. */
  void awaitFirstReceipt() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (Files.size(receipts) == 0) {
      if (process.waitFor(2, TimeUnit.MILLISECONDS)) {
        throw endedByItself();
      }
      if (System.nanoTime() > deadline) {
        kill();
        throw new IllegalStateException("the component recorded nothing for " + START_LIMIT);
      }
    }
  }

  void order(String line) throws IOException {
    OutputStream orders = process.getOutputStream();
    orders.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    orders.flush();
  }

  /** Ends it with SIGKILL; it must have lived until then. */
  void kill() throws InterruptedException {
    int code = process.destroyForcibly().waitFor();
    if (code != KILLED) {
      throw endedByItself();
    }
  }

  /** Waits for it to end by itself, in good order. */
  void awaitEnd(Duration atMost) throws InterruptedException {
    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
      throw new IllegalStateException("the component did not end within " + atMost);
    }
    if (process.exitValue() != 0) {
      throw endedByItself();
    }
  }

  private IllegalStateException endedByItself() {
    return new IllegalStateException(
        "the component ended by itself with exit code "
            + process.exitValue()
            + "; "
            + errors
            + " says why");
  }

  Path receipts() {
    return receipts;
  }
}
