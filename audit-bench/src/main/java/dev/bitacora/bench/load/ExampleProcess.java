package dev.bitacora.bench.load;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.examples.ComponentMain;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The example component {@code api} in a JVM of its own. */
final class ApiComponent implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /** Longer than the component's own drain. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final URI url;

  private ApiComponent(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Starts one that records to this broker. */
  static ApiComponent recording(Path work, String bootstrapServers)
      throws IOException, InterruptedException {
    return start(work, "on", Map.of("BITACORA_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers));
  }

  /** Starts one whose agent is switched off. */
  static ApiComponent silent(Path work, String bootstrapServers)
      throws IOException, InterruptedException {
    return start(
        work,
        "off",
        Map.of("BITACORA_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers, "BITACORA_ENABLED", "false"));
  }

  private static ApiComponent start(Path work, String name, Map<String, String> variables)
      throws IOException, InterruptedException {
    Path output = work.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ComponentMain.class.getName(),
                "api",
                "--environment",
                "prd",
                "--until-input-ends")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("BITACORA_SPOOL_DIR", work.resolve("spool").toString());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("BITACORA_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    return new ApiComponent(process, awaitUrl(process, output));
  }

  private static URI awaitUrl(Process process, Path output)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline && !process.waitFor(20, TimeUnit.MILLISECONDS)) {
      try (Stream<String> lines = Files.lines(output)) {
        var ready = lines.filter(line -> line.startsWith("ready ")).findFirst();
        if (ready.isPresent()) {
          return URI.create(ready.get().substring("ready ".length()));
        }
      }
    }
    process.destroyForcibly();
    throw new IllegalStateException("the component did not start: " + Files.readString(output));
  }

  URI url() {
    return url;
  }

  /** Records that were refused. */
  long refused() throws IOException, InterruptedException {
    return recorded("refused");
  }

  /** Events and log lines that were accepted. */
  long accepted() throws IOException, InterruptedException {
    return recorded("audit") + recorded("log");
  }

  private long recorded(String name) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(url.resolve("/demo/recorded")).build();
    byte[] body = HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray()).body();
    try {
      return ((Number) JsonTree.readObject(body).get(name)).longValue();
    } catch (MalformedJsonException e) {
      throw new IOException(request.uri() + " answered no JSON", e);
    }
  }

  /** Lets it deliver what is left and end. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
