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

  private static final Duration DEATH_LIMIT = Duration.ofSeconds(10);

  /** How much of its output is told of one that has died. */
  private static final int LAST_LINES = 12;

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
   * @param work where its output is
   * @param spool where it keeps what is not delivered
   * @param patch classes that replace the agent's
   */
  static ComponentProcess start(
      Path work,
      Path spool,
      String bootstrapServers,
      Optional<Path> patch,
      String name,
      List<String> arguments)
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
    Path errors = work.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(receipts.toFile())
            .redirectError(errors.toFile());
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
                spool.toString(),
                "BITACORA_KAFKA_BOOTSTRAP_SERVERS",
                bootstrapServers));
    return new ComponentProcess(builder.start(), receipts, errors);
  }

  /** Waits until it has told the first receipt. */
  void awaitFirstReceipt() throws IOException, InterruptedException {
    awaitContent(receipts);
  }

  /** Waits until its agent has said where it keeps records. */
  void awaitOpening() throws IOException, InterruptedException {
    awaitContent(errors);
  }

  private void awaitContent(Path file) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (Files.size(file) == 0) {
      if (process.waitFor(2, TimeUnit.MILLISECONDS)) {
        throw endedByItself();
      }
      if (System.nanoTime() > deadline) {
        kill();
        throw new IllegalStateException("the component said nothing for " + START_LIMIT);
      }
    }
  }

  /** Tells it to do something; it must be alive. */
  void order(String line) throws InterruptedException {
    try {
      OutputStream orders = process.getOutputStream();
      orders.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
      orders.flush();
    } catch (IOException e) { // it does not listen any more
      if (process.waitFor(DEATH_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw endedByItself();
      }
      throw new IllegalStateException("the component lives and takes no order: " + e, e);
    }
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
            + "; the end of "
            + errors
            + ":\n"
            + lastLines());
  }

  private String lastLines() {
    try {
      List<String> lines = Files.readAllLines(errors);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return "(unreadable: " + e + ")";
    }
  }

  Path receipts() {
    return receipts;
  }
}
