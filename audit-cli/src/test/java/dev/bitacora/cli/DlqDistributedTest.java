package dev.bitacora.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.cli.Cli.Result;
import dev.bitacora.testkit.SharedEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Dead letters of a real collector between a real Kafka and a real Elasticsearch, whose index
 * refuses what it should take until somebody mends it.
 */
final class DlqDistributedTest extends DistributedTest {
  private static final String DETAILS =
      "{\"properties\":{\"audit\":{\"properties\":{\"details\":"
          + "{\"type\":\"flattened\",\"ignore_above\":1024,\"depth_limit\":%d}}}}}";

  private static Result dlq(String... words) {
    return Cli.call(
        Stream.concat(Stream.of("dlq"), Arrays.stream(DistributedService.with(words)))
            .toArray(String[]::new));
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

  @Test
  void whatAnIndexRefused_isReplayedOnceItIsMended_andClosed() throws Exception {
    service.record("one.good", Map.of("a", 1));
    await().atMost(LONG).ignoreExceptions().until(() -> service.count("one.good") == 1);
    service.ask("PUT", "/audit-events-*/_mapping", DETAILS.formatted(2));
    service.record("two.deep", deep());
    service.record("three.good", Map.of("a", 1));
    await().atMost(LONG).pollDelay(Duration.ofSeconds(1)).until(() -> isListed());
    await().atMost(LONG).ignoreExceptions().until(() -> service.count("three.good") == 1);

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
    assertThat(service.count("two.deep")).isZero();

    service.ask("PUT", "/audit-events-*/_mapping", DETAILS.formatted(100));
    String again = list(begin).out().lines().skip(1).findFirst().orElseThrow().split(" ", 2)[0];
    assertThat(again).isNotEqualTo(id);
    Result replayed = dlq("replay", again);
    assertThat(replayed.code()).as(replayed.err()).isZero();
    assertThat(replayed.out())
        .contains("stored=1 duplicates=0 parked-again=0")
        .contains("closed=1");
    assertThat(service.count("two.deep")).isEqualTo(1);
    assertThat(list(begin).out()).isEqualTo("open=0\n");
  }

  @Test
  void fromATime_everythingIsADuplicate_andClosesWhatItFindsStored() throws Exception {
    service.record("four.good", Map.of("a", 1));
    await().atMost(LONG).ignoreExceptions().until(() -> service.count("four.good") == 1);
    service.ask("PUT", "/audit-events-*/_mapping", DETAILS.formatted(2));
    service.record("five.deep", deep());
    await().atMost(LONG).pollDelay(Duration.ofSeconds(1)).until(() -> isListed());
    String id = list(begin).out().lines().skip(1).findFirst().orElseThrow().split(" ", 2)[0];
    service.stop();
    service.start(); // a collector looks at once, and then every minute
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(service.ask("GET", "/bitacora-deadletters/_search?q=id:" + id, ""))
                    .contains("\"reason\":\"refused-by-store\""));
    service.ask("PUT", "/audit-events-*/_mapping", DETAILS.formatted(100));

    Result replayed = dlq("replay", "--from-time", begin.toString());

    assertThat(replayed.code()).as(replayed.out() + replayed.err()).isZero();
    assertThat(replayed.out()).contains("stored=1 ").contains("closed=1");
    assertThat(service.count("five.deep")).isEqualTo(1);
    assertThat(service.count("four.good")).isEqualTo(1);
    assertThat(list(begin).out()).isEqualTo("open=0\n");

    Result nowhere = dlq("replay", "--from-offset", "bitacora.audit/0@99999999");
    assertThat(nowhere.code()).isEqualTo(ExitCode.USAGE);
    assertThat(nowhere.err()).contains("bitacora.audit/0 has the offsets");
  }

  @Test
  void serversThatAreAway_areOneClearLine() throws IOException {
    Path hasty =
        Files.writeString(
            folder.resolve("hasty"),
            "kafka.request.timeout.ms=1000\nkafka.default.api.timeout.ms=2000\n");
    Result kafka =
        Cli.call(
            "dlq",
            "list",
            "--kafka-bootstrap-servers",
            "127.0.0.1:1",
            "--config",
            hasty.toString());
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
}
