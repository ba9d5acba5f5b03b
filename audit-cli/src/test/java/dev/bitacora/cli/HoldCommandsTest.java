package dev.bitacora.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.cli.Cli.Result;
import dev.bitacora.testkit.SharedEngines;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds as an administrator places them, with and without a service beside. */
class HoldCommandsTest {
  @TempDir Path folder;

  private Result hold(String... arguments) {
    return hold(List.of("--data-dir", folder.resolve("data").toString()), arguments);
  }

  private static Result hold(List<String> where, String... arguments) {
    List<String> words = new ArrayList<>(List.of("hold"));
    words.addAll(List.of(arguments));
    words.addAll(where);
    return Cli.call(words.toArray(String[]::new));
  }

  @Test
  void aHold_isListedUntilItIsReleased() {
    assertThat(hold("list").out()).isEmpty();

    Result created =
        hold("create", "--query", "actor:u42", "--reason", "case 7", "--by", "Ana López");
    assertThat(created.code()).as(created.err()).isZero();
    assertThat(created.err()).isEmpty();
    String id = created.out().strip();
    assertThat(id).matches("[0-9]{8}-[0-9a-f]{8}");

    Result listed = hold("list");
    assertThat(listed.code()).isZero();
    assertThat(listed.out())
        .startsWith(id + "  since 20")
        .contains("by      Ana López")
        .contains("reason  case 7")
        .contains("query   actor:u42")
        .contains("keeps   nothing that has expired");

    Result released = hold("release", id, "--reason", "settled");
    assertThat(released.code()).as(released.err()).isZero();
    assertThat(released.out()).startsWith("released " + id + ", in force since 20");
    assertThat(hold("list").out()).isEmpty();
  }

  @Test
  void whoPlacesIt_isTheUserOfThisMachine_whenNobodyElseIsNamed() {
    hold("create", "--query", "actor:u42", "--reason", "case 7");
    assertThat(hold("list").out()).contains("by      " + System.getProperty("user.name"));
  }

  @Test
  void aHoldThatIsNotThere_cannotBeReleased() {
    Result result = hold("release", "20260101-00000000");
    assertThat(result.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
    assertThat(result.err()).contains("no hold 20260101-00000000 is in force");
  }

  @Test
  void whatAHoldSays_cannotDriveTheTerminal() {
    hold("create", "--query", "actor:u42", "--reason", "\u001b[2Jcase\n7", "--by", "a\u202eb");
    assertThat(hold("list").out())
        .contains("⟨U+001B⟩[2Jcase⟨U+000A⟩7")
        .doesNotContain("\u001b", "\u202e");
  }

  @Test
  void besideTheService_aHoldCountsAtOnce_andIsAnAuditEvent() throws Exception {
    Process service =
        Cli.start(folder, Map.of(), "standalone", "--data-dir", "data", "--listen", "127.0.0.1:0");
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> Cli.out(folder).contains("Ctrl-C"));
      String id =
          hold("create", "--query", "actor:u42", "--reason", "case 7", "--by", "ana").out().strip();
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(search("action:bitacora.hold.create"))
                      .contains("\"total\":1")
                      .contains(id));
      assertThat(hold("release", id, "--by", "ben").code()).isZero();
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(search("action:bitacora.hold.release and actor:ben"))
                      .contains("\"total\":1"));
      assertThat(health()).contains("\"retention\"").contains("last round at");
    } finally {
      service.destroy();
      assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(service.exitValue()).isZero();
  }

  @Test
  void distributed_theHoldsAreInElasticsearch() {
    List<String> where =
        List.of("--elasticsearch-url", SharedEngines.elasticsearch().url().toString());
    Result created = hold(where, "create", "--query", "actor:u42", "--reason", "case 7");
    assertThat(created.code()).as(created.err()).isZero();
    assertThat(hold(where, "list").out()).startsWith(created.out().strip());
    assertThat(hold(where, "release", created.out().strip()).code()).isZero();
    assertThat(hold(where, "list").out()).isEmpty();
  }

  private String search(String query) throws Exception {
    return get(
        "/api/v1/events?from=now-1h&q=" + query.replace(" ", "%20"),
        Files.readString(folder.resolve("data/credentials/auditor.token")).strip());
  }

  private String health() throws Exception {
    return get("/health/ready", "none");
  }

  private String get(String path, String token) throws IOException, InterruptedException {
    String url = Files.readString(folder.resolve("data/url")).strip();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", "Bearer " + token)
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return answer.body();
  }
}
