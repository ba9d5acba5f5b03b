package dev.bitacora.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real Kafka broker and a real Elasticsearch node in processes of their own, started by the
 * testkit, which is not part of the shipped jar. They end with this process, however it ends: its
 * end closes their standard input.
 */
final class RealEngines implements AutoCloseable {
  private static final long STOP_SECONDS = 30;

  private final Process process;
  private final Map<String, String> addresses;

  private RealEngines(Process process, Map<String, String> addresses) {
    this.process = process;
    this.addresses = addresses;
  }

  /**
   * Starts both and returns when they answer.
   *
   * @param engines the folder that the launcher let Maven fill
   * @throws IOException when they do not start, saying what to do
   */
  static RealEngines start(Path engines) throws IOException {
    Path jar = engines.resolve("audit-testkit.jar");
    if (!Files.isRegularFile(jar)) {
      throw new IOException(
          jar
              + " is missing; start the demo by ./bitacora, which lets Maven fetch Kafka and Elasticsearch");
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                jar.toString(),
                "dev.bitacora.testkit.Engines",
                "kafka,elasticsearch",
                "--engines-dir",
                engines.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      return new RealEngines(process, readAddresses(process));
    } catch (IOException e) {
      process.destroy();
      throw e;
    }
  }

  private static Map<String, String> readAddresses(Process process) throws IOException {
    Map<String, String> addresses = new HashMap<>();
    // Not closed: closing the reader would close the pipe of a process that may still write.
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals("ready")) {
        return addresses;
      }
      int equals = line.indexOf('=');
      if (equals > 0) {
        addresses.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    throw new IOException("Kafka and Elasticsearch did not start; the lines above say why");
  }

  String bootstrapServers() {
    return addresses.get("kafka");
  }

  String elasticsearchUrl() {
    return addresses.get("elasticsearch");
  }

  /** Stops both, gracefully where that works. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Names of the engines that {@code --engines} takes. */
  static final List<String> NAMES = List.of("kafka", "elasticsearch");
}
