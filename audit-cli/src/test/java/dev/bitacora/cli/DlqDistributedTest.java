package dev.bitacora.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.cli.Cli.Result;
import dev.bitacora.testkit.SharedEngines;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dead letters of a real collector between a real Kafka and a real Elasticsearch, whose index
 * refuses what it should take until somebody mends it.
 */
final class DlqDistributedTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String DETAILS =
      "{\"properties\":{\"audit\":{\"properties\":{\"details\":"
          + "{\"type\":\"flattened\",\"ignore_above\":1024,\"depth_limit\":%d}}}}}";

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Instant begin = Instant.now();
  private Process collector;

  private static String[] servers() {
    return new String[] {
      "--kafka-bootstrap-servers",
      SharedEngines.kafka().bootstrapServers(),
      "--elasticsearch-url",
      SharedEngines.elasticsearch().url().toString()
    };
  }

  private static String[] with(String... words) {
    return Stream.concat(Arrays.stream(words), Arrays.stream(servers())).toArray(String[]::new);
  }

  private static Result dlq(String... words) {
    return Cli.call(
        Stream.concat(Stream.of("dlq"), Arrays.stream(with(words))).toArray(String[]::new));
  }

  /** The list takes no store's address. */
  private static Result list(Instant since) {
    return Cli.call(
        "dlq",
        "list",
        "--since",
        since.toString(),
        "--kafka-bootstrap-servers",
        SharedEngines.kafka().bootstrapServers());
  }

  @BeforeEach
  void start() throws Exception {
    Result setup = Cli.call(with("setup"));
    assertThat(setup.code()).as(setup.out() + setup.err()).isNotEqualTo(ExitCode.COULD_NOT_RUN);
    collector = Cli.start(folder, Map.of(), with("collector", "--listen", "127.0.0.1:0"));
  }

  @AfterEach
  void stop() throws Exception {
    collector.destroy();
    assertThat(collector.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatAnIndexRefused_isReplayedOnceItIsMended_andClosed() throws Exception {
    record("one.good", Map.of("a", 1));
    await().atMost(LONG).ignoreExceptions().until(() -> count("one.good") == 1);
    ask("PUT", "/audit-events-*/_mapping", DETAILS.formatted(2));
    record("two.deep", deep());
    record("three.good", Map.of("a", 1));
    await().atMost(LONG).pollDelay(Duration.ofSeconds(1)).until(() -> isListed());
    await().atMost(LONG).ignoreExceptions().until(() -> count("three.good") == 1);

    String line = list(begin).out().lines().skip(1).findFirst().orElseThrow();
    assertThat(line).contains("refused-by-store", "bitacora.audit/", "audit.details");
    String id = line.split(" ", 2)[0];
    Result shown =
        Cli.call(
            "dlq",
            "show",
            id,
            "--kafka-bootstrap-servers",
            SharedEngines.kafka().bootstrapServers());
    assertThat(shown.out()).contains("\"two.deep\"", "replays   0");

    Result tooEarly = dlq("replay", id);
    assertThat(tooEarly.code()).as(tooEarly.err()).isEqualTo(ExitCode.BAD);
    assertThat(tooEarly.out()).contains("read=1 stored=0 duplicates=0 parked-again=1");
    assertThat(count("two.deep")).isZero();

    ask("PUT", "/audit-events-*/_mapping", DETAILS.formatted(100));
    String again = list(begin).out().lines().skip(1).findFirst().orElseThrow().split(" ", 2)[0];
    assertThat(again).isNotEqualTo(id);
    Result replayed = dlq("replay", again);
    assertThat(replayed.code()).as(replayed.err()).isZero();
    assertThat(replayed.out())
        .contains("stored=1 duplicates=0 parked-again=0")
        .contains("closed=1");
    assertThat(count("two.deep")).isEqualTo(1);
    assertThat(list(begin).out()).isEqualTo("open=0\n");
  }

  @Test
  void fromATime_everythingIsADuplicate_andClosesWhatItFindsStored() throws Exception {
    record("four.good", Map.of("a", 1));
    await().atMost(LONG).ignoreExceptions().until(() -> count("four.good") == 1);
    ask("PUT", "/audit-events-*/_mapping", DETAILS.formatted(2));
    record("five.deep", deep());
    await().atMost(LONG).pollDelay(Duration.ofSeconds(1)).until(() -> isListed());
    ask("PUT", "/audit-events-*/_mapping", DETAILS.formatted(100));

    Result replayed = dlq("replay", "--from-time", begin.toString());

    assertThat(replayed.code()).as(replayed.out() + replayed.err()).isZero();
    assertThat(replayed.out()).contains("stored=1 ").contains("closed=1");
    assertThat(count("five.deep")).isEqualTo(1);
    assertThat(count("four.good")).isEqualTo(1);
    assertThat(list(begin).out()).isEqualTo("open=0\n");

    Result nowhere = dlq("replay", "--from-offset", "bitacora.audit/0@99999999");
    assertThat(nowhere.code()).isEqualTo(ExitCode.USAGE);
    assertThat(nowhere.err()).contains("bitacora.audit/0 has the offsets");
  }

  @Test
  void serversThatAreAway_areOneClearLine() {
    Result kafka = Cli.call("dlq", "list", "--kafka-bootstrap-servers", "127.0.0.1:1");
    assertThat(kafka.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
    assertThat(kafka.err()).contains("does not answer; start the broker");

    Result store =
        Cli.call(
            "dlq",
            "replay",
            "--all",
            "--kafka-bootstrap-servers",
            SharedEngines.kafka().bootstrapServers(),
            "--elasticsearch-url",
            "http://127.0.0.1:1");
    assertThat(store.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
    assertThat(store.err()).contains("http://127.0.0.1:1").doesNotContain("Exception:");
  }

  private boolean isListed() {
    return list(begin).out().contains("open=1");
  }

  private static Map<String, Object> deep() {
    Map<String, Object> nested = Map.of("leaf", "x");
    for (int i = 0; i < 5; i++) {
      nested = Map.of("d", nested);
    }
    return nested;
  }

  private void record(String action, Map<String, Object> details) {
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

  private long count(String action) throws IOException, InterruptedException {
    ask("POST", "/audit-events-*/_refresh", "");
    String answer =
        ask(
            "POST",
            "/audit-events-*/_count",
            "{\"query\":{\"term\":{\"event.action\":\"" + action + "\"}}}");
    return Long.parseLong(answer.replaceAll("(?s).*\"count\":(\\d+).*", "$1"));
  }

  private String ask(String method, String path, String body)
      throws IOException, InterruptedException {
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
