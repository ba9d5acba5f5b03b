package dev.bitacora.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.cli.Cli.Result;
import dev.bitacora.testkit.SharedEngines;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A collector's process between the real servers that tests share, with a component beside it. */
final class DistributedService {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private Process collector;

  DistributedService(Path folder) {
    this.folder = folder;
  }

  /** A command with both servers' addresses. */
  static String[] with(String... words) {
    String[] servers = {
      "--kafka-bootstrap-servers",
      SharedEngines.kafka().bootstrapServers(),
      "--elasticsearch-url",
      SharedEngines.elasticsearch().url().toString()
    };
    return Stream.concat(Arrays.stream(words), Arrays.stream(servers)).toArray(String[]::new);
  }

  /** Sets the servers up and starts the collector. */
  void start() throws IOException {
    Result setup = Cli.call(with("setup"));
    assertThat(setup.code()).as(setup.out() + setup.err()).isNotEqualTo(ExitCode.COULD_NOT_RUN);
    collector = Cli.start(folder, Map.of(), with("collector", "--listen", "127.0.0.1:0"));
  }

  void stop() throws InterruptedException {
    collector.destroy();
    assertThat(collector.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  /** Records an event as a component does. */
  void record(String action, Map<String, Object> details) {
    AuditConfig config =
        AuditConfig.builder()
            .component("billing")
            .environment("prd")
            .kafka(Map.of("bootstrap.servers", SharedEngines.kafka().bootstrapServers()))
            .spoolDir(folder.resolve("spool"))
            .quiet(true)
            .build();
    try (AuditLog audit = AuditLog.open(config)) {
      assertThat(audit.event(action).detail("d", details).success().record().isAccepted()).isTrue();
    }
  }

  /** How many events of this action are found now. */
  long count(String action) throws IOException, InterruptedException {
    ask("POST", "/audit-events-*/_refresh", "");
    String query = "{\"query\":{\"term\":{\"event.action\":\"" + action + "\"}}}";
    String answer = ask("POST", "/audit-events-*/_count", query);
    return Long.parseLong(answer.replaceAll("(?s).*\"count\":(\\d+).*", "$1"));
  }

  /** What Elasticsearch answers when all is well. */
  String ask(String method, String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(SharedEngines.elasticsearch().url().resolve(path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }
}
