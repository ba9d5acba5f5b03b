package dev.bitacora.bench.chaos.collector;

import dev.bitacora.bench.Signals;
import dev.bitacora.bench.collector.CollectorProgram;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A collector in a JVM of its own, from the parent's side. One thread's at a time. */
final class CollectorProcess {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Pattern ADDRESS = Pattern.compile("runs: (http://[^/]+)/");
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Process process;
  private final Path log;

  private CollectorProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one and does not wait for it.
   *
   * @param patch classes that replace the collector's
   * @param environment its settings
   */
  static CollectorProcess start(Path log, Optional<Path> patch, Map<String, String> environment) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            patch.map(folder -> folder + File.pathSeparator).orElse("")
                + System.getProperty("java.class.path"),
            CollectorProgram.class.getName(),
            "collector");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("BITACORA_"));
    builder.environment().putAll(environment);
    try {
      return new CollectorProcess(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException("starting a collector", e);
    }
  }

  /** Waits until it says that it runs; where it listens. */
  URI awaitRunning() throws InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      Matcher address = ADDRESS.matcher(output());
      if (address.find()) {
        return URI.create(address.group(1));
      }
      if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        throw new IllegalStateException("a collector did not start:\n" + output());
      }
    }
  }

  /** The sum of a counter's values. */
  double metric(String name) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(awaitRunning().resolve("/metrics")).timeout(ANSWER).build();
    try {
      String text =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
      return text.lines()
          .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException("asking a collector for " + name, e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    int unused = process.destroyForcibly().waitFor();
  }

  /** SIGTERM. */
  void terminate() throws InterruptedException {
    signal("TERM"); // Java's own way closes the pipe by which it notices that we are gone
  }

  /** Its exit code; empty when it has none by then. */
  Optional<Integer> awaitEnd(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
        ? Optional.of(process.exitValue())
        : Optional.empty();
  }

  /** SIGSTOP or SIGCONT. */
  void signal(String name) throws InterruptedException {
    Signals.send(name, process);
  }

  Path log() {
    return log;
  }

  private String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "(unreadable: " + e + ")";
    }
  }
}
