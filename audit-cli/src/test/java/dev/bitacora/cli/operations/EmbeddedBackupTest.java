package dev.bitacora.cli.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.cli.service.DataDirectory;
import dev.bitacora.cli.service.Embedded;
import dev.bitacora.core.config.Configuration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/operations.md says of a backup of the embedded service: stop, copy, start elsewhere.
 */
class EmbeddedBackupTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path folder;

  @Test
  void aCopyOfTheDataDirectory_isTheWholeService() throws Exception {
    Path data = folder.resolve("data");
    Path restored = folder.resolve("restored");
    Map<String, String> tokens;
    try (Embedded service = start(data)) {
      tokens = service.tokens();
      HttpResponse<String> answer = send(service, tokens.get("component"), "before the backup");
      assertThat(answer.body()).contains("\"accepted\":1").contains("\"dead_lettered\":1");
    }
    copy(data, restored);
    try (Embedded service = start(data)) {
      send(service, tokens.get("component"), "after the backup");
    }

    try (Embedded service = start(restored)) {
      assertThat(service.tokens()).isEqualTo(tokens);
      assertFound(service, tokens.get("auditor"), "\"before the backup\"", 1);
      assertFound(service, tokens.get("auditor"), "\"after the backup\"", 0);
      assertThat(get(service, "/health/ready", "").statusCode()).isEqualTo(200);
      send(service, tokens.get("component"), "recorded by the restored one");
      assertFound(service, tokens.get("auditor"), "\"recorded by the restored one\"", 1);
    }
    try (Stream<Path> letters = Files.list(restored.resolve("dlq"))) {
      assertThat(letters.filter(file -> file.toFile().length() > 100)).isNotEmpty();
    }
  }

  private static Embedded start(Path data) throws Exception {
    Configuration configuration =
        Configuration.reader(
                Map.of("BITACORA_DATA_DIR", data.toString(), "BITACORA_LISTEN", "127.0.0.1:0"))
            .read();
    Embedded service = new Embedded(DataDirectory.at(data), configuration, "1.2.3");
    service.start();
    return service;
  }

  private static HttpResponse<String> send(Embedded service, String token, String message)
      throws IOException, InterruptedException {
    String body = "{\"event\":{\"action\":\"note.write\"},\"message\":\"" + message + "\"}\nbad\n";
    return CLIENT.send(
        HttpRequest.newBuilder(service.url().resolve("/api/v1/intake"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void assertFound(Embedded service, String token, String query, int count) {
    String path = "/api/v1/events?q=" + query.replace("\"", "%22").replace(" ", "%20");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(get(service, path, token).body()).contains("\"total\":" + count + ","));
  }

  private static HttpResponse<String> get(Embedded service, String path, String token)
      throws IOException, InterruptedException {
    URI uri = service.url().resolve(path);
    return CLIENT.send(
        HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(from)) {
      paths = all.toList();
    }
    for (Path path : paths) {
      Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }
}
