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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An example component in a JVM of its own. */
final class ExampleProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /** Longer than the component's own drain. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final URI url;

  private ExampleProcess(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts one that records to this broker.
   *
   * @param peers the components that it calls
   */
  static ExampleProcess recording(
      Path work,
      String program,
      String environment,
      String bootstrapServers,
      Map<String, ExampleProcess> peers)
      throws IOException, InterruptedException {
    return start(
        work,
        program,
        environment,
        Map.of(
            "BITACORA_KAFKA_BOOTSTRAP_SERVERS",
            bootstrapServers,
            "BITACORA_SPOOL_DIR",
            work.resolve("spool").toString()),
        peers);
  }

  /**
   * Starts one whose agent is switched off.
   *
   * @param peers the components that it calls
   */
  static ExampleProcess silent(
      Path work, String program, String environment, Map<String, ExampleProcess> peers)
      throws IOException, InterruptedException {
    return start(
        work,
        program,
        environment,
        Map.of("BITACORA_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1", "BITACORA_ENABLED", "false"),
        peers);
  }

  private static ExampleProcess start(
      Path work,
      String program,
      String environment,
      Map<String, String> variables,
      Map<String, ExampleProcess> peers)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(work, program, ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC"));
    command.add("-D" + Invocations.KEEP_ALIVE + "=" + Invocations.KEEP_ALIVE_SECONDS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ComponentMain.class.getName(), program, "--environment", environment));
    peers.forEach((name, peer) -> command.addAll(List.of("--peer", name + "=" + peer.url)));
    command.add("--until-input-ends");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("BITACORA_"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    return new ExampleProcess(process, awaitUrl(process, output));
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
