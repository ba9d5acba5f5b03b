package dev.bitacora.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.cli.Cli.Result;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded service as a process, used as a person uses it. */
class StandaloneTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path folder;
  private static Service shared;

  /** A process in a folder of its own. */
  private record Service(Path folder, Process process, String url) {
    static Service start(Path folder) throws IOException {
      Process process =
          Cli.start(
              folder, Map.of(), "standalone", "--data-dir", "data", "--listen", "127.0.0.1:0");
      await().atMost(Duration.ofSeconds(60)).until(() -> Cli.out(folder).contains("Ctrl-C"));
      return new Service(folder, process, Files.readString(folder.resolve("data/url")).strip());
    }

    void stop() throws InterruptedException {
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("stops when asked to").isTrue();
      assertThat(process.exitValue()).isZero();
    }

    String token(String name) throws IOException {
      return Files.readString(folder.resolve("data/credentials/" + name + ".token")).strip();
    }

    HttpResponse<String> get(String path, String token) throws Exception {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url).resolve(path));
      return send(request, token);
    }

    HttpResponse<String> post(String token, String lines) throws Exception {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url + "/api/v1/intake"))
              .header("Content-Type", "application/x-ndjson")
              .POST(HttpRequest.BodyPublishers.ofString(lines));
      return send(request, token);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, String token)
        throws Exception {
      if (!token.isEmpty()) {
        request.header("Authorization", "Bearer " + token);
      }
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @BeforeAll
  static void start() throws IOException {
    shared = Service.start(folder);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    shared.stop();
  }

  @Test
  void theFirstStart_printsALinkThatLogsInOnce_andKeepsTokensToItself() throws Exception {
    Matcher link = Pattern.compile("http\\S+/login/once\\?token=\\S+").matcher(Cli.out(folder));
    assertThat(link.find()).isTrue();

    assertThat(shared.get(link.group(), "").statusCode()).isBetween(200, 399);
    assertThat(shared.get(link.group(), "").statusCode()).isGreaterThanOrEqualTo(400);
    for (String token : new String[] {"auditor", "component"}) {
      Path file = folder.resolve("data/credentials/" + token + ".token");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void intake_asksForAComponentsToken_andWhatItTakesIsFoundAtOnce() throws Exception {
    String event =
        "{\"event\":{\"action\":\"backup.finish\"},\"message\":\"nightly zebra backup\"}";

    assertThat(shared.post("", event).statusCode()).isEqualTo(401);
    assertThat(shared.post(shared.token("auditor"), event).statusCode()).isEqualTo(403);
    assertThat(shared.post(shared.token("component"), event).statusCode()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(shared.get("/api/v1/events?q=zebra", shared.token("auditor")).body())
                    .contains("\"total\":1"));
  }

  @Test
  void hostileItems_areDeadLettered_andTheirNeighboursAreFound() throws Exception {
    String deep = "{\"a\":".repeat(100) + "1" + "}".repeat(100);
    String body =
        String.join(
            "\n",
            "{\"event\":{\"action\":\"one.good\"},\"message\":\"okapi\"}",
            "not json",
            "{\"event\":{\"action\":\"two.bad\"},\"message\":\"x\",\"deep\":" + deep + "}",
            "{\"event\":{\"action\":\"three.bad\"},\"message\":\"x\",\"message\":\"y\"}",
            "{\"event\":{\"action\":7},\"message\":\"x\"}",
            "{\"event\":{\"action\":\"five.big\"},\"message\":\"" + "x".repeat(10 << 20) + "\"}",
            "{\"event\":{\"action\":\"six.far\"},\"message\":\"okapi\",\"@timestamp\":\"9999-01-01T00:00:00Z\"}",
            "{\"event\":{\"action\":\"seven.good\"},\"message\":\"okapi\"}");

    HttpResponse<String> answer = shared.post(shared.token("component"), body);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"accepted\":3").contains("\"dead_lettered\":5");
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(shared.get("/api/v1/events?q=okapi", shared.token("auditor")).body())
                    .contains("\"total\":3")
                    .contains("implausible"));
  }

  @Test
  void send_besideTheService_needsNoOptions() {
    Result result = Cli.call("send", "--data-dir", folder.resolve("data").toString());

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("acknowledged").contains("searchable after");
  }

  @Test
  void aTokenMadeMeanwhile_countsAtOnce_andStaysWithinItsScope() throws Exception {
    String data = folder.resolve("data").toString();
    Result component = Cli.call("token", "create", "--component", "billing", "--data-dir", data);
    Result reader =
        Cli.call(
            "token",
            "create",
            "--role",
            "reader",
            "--scope",
            "service:billing",
            "--data-dir",
            data);
    assertThat(
            shared
                .post(
                    component.out().strip(),
                    "{\"event\":{\"action\":\"a.b\"},\"message\":\"tapir\"}")
                .statusCode())
        .isEqualTo(200);
    assertThat(
            shared
                .post(
                    shared.token("component"),
                    "{\"event\":{\"action\":\"a.b\"},\"message\":\"tapir\"}")
                .statusCode())
        .isEqualTo(200);

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(shared.get("/api/v1/events?q=tapir", shared.token("auditor")).body())
                    .contains("\"total\":2"));
    assertThat(shared.get("/api/v1/events?q=tapir", reader.out().strip()).body())
        .contains("\"total\":1");
  }

  @Test
  void aMalformedQuery_isAnsweredWithItsColumn() throws Exception {
    HttpResponse<String> answer = shared.get("/api/v1/events?q=actor:", shared.token("auditor"));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"column\":7");
  }

  @Test
  void healthAndMetrics_areThere() throws Exception {
    assertThat(shared.get("/health/ready", "").body()).contains("UP");
    assertThat(shared.get("/metrics", "").body()).contains("bitacora_consumed_total");
  }

  @Test
  void aSecondStart_findsTheDataAgain(@TempDir Path own) throws Exception {
    Service first = Service.start(own);
    first.post(first.token("component"), "{\"event\":{\"action\":\"a.b\"},\"message\":\"quokka\"}");
    first.stop();

    Service second = Service.start(own);
    try {
      assertThat(second.get("/api/v1/events?q=quokka", second.token("auditor")).body())
          .contains("\"total\":1");
    } finally {
      second.stop();
    }
  }
}
