package dev.bitacora.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.cli.Cli.Result;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.deadletter.DeadLetterFiles;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.query.Query;
import dev.bitacora.core.wire.KafkaHeaders.Header;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.Retention;
import dev.bitacora.store.lucene.LuceneStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator of the embedded service does with its dead letters. */
final class DlqCommandsTest {
  private final Instant yesterday = Instant.now().minus(Duration.ofDays(1));

  @TempDir Path folder;

  private Path data;
  private final WireRecord good =
      new WireRecord(
          RecordKind.AUDIT,
          new StreamPosition(StreamId.newAt(Instant.now()), 0),
          ChainLink.ZERO,
          AuditEvent.builder("invoice.pay")
              .set("user.id", "ana")
              .set("service.name", "billing")
              .set("service.environment", "prd")
              .build()
              .bytes());

  @BeforeEach
  void leaveThreeLetters() throws Exception {
    data = folder.resolve("data");
    Files.createDirectories(data);
    LogPosition place = new LogPosition("bitacora.audit/0", 4711);
    RawRecord refused = RawRecord.of(good, Optional.of(place), "billing");
    RawRecord binary =
        new RawRecord(
            Optional.empty(),
            "billing",
            Optional.empty(),
            List.of(new Header("bt-v", new byte[] {9})),
            Optional.of(new byte[] {0, (byte) 0xff, 'x'}));
    RawRecord text =
        RawRecord.unnumbered("not JSON, but ñandú".getBytes(StandardCharsets.UTF_8), "payroll");
    try (DeadLetterFiles files = new DeadLetterFiles(data.resolve("dlq"))) {
      files.start();
      files.add(
          List.of(
              new DeadLetter(
                  refused,
                  DeadLetterReason.REFUSED_BY_STORE,
                  "400 odd\u001b[31m",
                  2,
                  1,
                  yesterday,
                  yesterday),
              letter(binary, DeadLetterReason.UNKNOWN_VERSION, 3),
              letter(text, DeadLetterReason.MALFORMED_JSON, 0)));
    }
  }

  private static DeadLetter letter(RawRecord record, DeadLetterReason reason, int replays) {
    return new DeadLetter(record, reason, "as it came", 0, replays, Instant.now());
  }

  private Result dlq(String... arguments) {
    return Cli.call(
        Stream.of(
                Stream.of("dlq"),
                Arrays.stream(arguments),
                Stream.of("--data-dir", data.toString()))
            .flatMap(words -> words)
            .toArray(String[]::new));
  }

  private String id(String reason) {
    return dlq("list", "--reason", reason)
        .out()
        .lines()
        .skip(1)
        .findFirst()
        .orElseThrow()
        .split(" ", 2)[0];
  }

  @Test
  void list_saysWhatIsWrongWithEach_andCountsByReason() {
    Result result = dlq("list");

    assertThat(result.code()).as(result.err()).isZero();
    List<String> lines = result.out().lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0)).startsWith("id ").contains("reason", "origin", "replays");
    assertThat(lines.get(1))
        .startsWith("1-8 ")
        .containsPattern(
            "refused-by-store +bitacora.audit/0@4711 +billing +2 +1  400 odd\\?\\[31m");
    assertThat(lines.get(2)).containsPattern("unknown-version +- +billing +0 +3  as it came");
    assertThat(lines.get(4))
        .isEqualTo("open=3 malformed-json=1 unknown-version=1 refused-by-store=1");
  }

  @Test
  void list_givesOnlyWhatIsAskedFor() {
    assertThat(dlq("list", "--reason", "malformed-json").out())
        .endsWith("open=1 malformed-json=1\n");
    assertThat(dlq("list", "--since", "now-1h").out())
        .doesNotContain("refused-by-store")
        .contains("open=2");
    Result limited = dlq("list", "--limit", "1");
    assertThat(limited.out().lines()).hasSize(3);
    assertThat(limited.out()).contains("open=3");
    assertThat(limited.err()).contains("2 more are not shown");
  }

  @Test
  void show_printsTextAsText_andOtherBytesInHexadecimal() {
    Result text = dlq("show", id("malformed-json"));
    assertThat(text.code()).as(text.err()).isZero();
    assertThat(text.out())
        .contains("reason    malformed-json", "sender    payroll", "origin    none")
        .endsWith("\n\nnot JSON, but ñandú\n");

    Result binary = dlq("show", id("unknown-version"));
    assertThat(binary.out())
        .contains("header    bt-v = 0x09", "size      3 bytes")
        .endsWith("\n\n00000000  00ff78\n");

    Result refused = dlq("show", "1-8");
    assertThat(refused.out())
        .contains("origin    bitacora.audit/0@4711", "detail    400 odd?[31m")
        .contains("\"invoice.pay\"");
  }

  @Test
  void show_ofAnIdThatNobodyHas_saysHowToFindOne() {
    Result result = dlq("show", "1-9");

    assertThat(result.code()).isEqualTo(ExitCode.BAD);
    assertThat(result.err()).contains("no open dead letter has the id 1-9").contains("dlq list");
  }

  @Test
  void replay_storesWhatCanBe_parksTheRestAgain_andLeavesAloneWhatWasReplayedThreeTimes()
      throws Exception {
    Result result = dlq("replay", "--all");

    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.BAD);
    assertThat(result.out())
        .isEqualTo("read=3 stored=1 duplicates=0 parked-again=1 exhausted=1 closed=2\n");
    assertThat(result.err()).contains("1 were replayed three times already");
    assertThat(dlq("list").out()).contains("open=2 malformed-json=1 unknown-version=1");
    try (LuceneStore store = new LuceneStore(data.resolve("index"), Retention.DEFAULT)) {
      store.start();
      assertThat(store.get(good.position().eventId(), Query.ALL)).hasSize(1);
    }
  }

  @Test
  void replay_ofOne_isGoodWhenItIsStored_andAgainThereIsNone() {
    Result stored = dlq("replay", "1-8");
    assertThat(stored.code()).as(stored.err()).isZero();
    assertThat(stored.out()).startsWith("read=1 stored=1 ");

    Result again = dlq("replay", "1-8");
    assertThat(again.code()).isEqualTo(ExitCode.BAD);
    assertThat(again.err()).contains("1 of the ids belong to no open dead letter");
    assertThat(dlq("show", "1-8").code()).isEqualTo(ExitCode.BAD);
  }

  @Test
  void replay_whileTheServiceRuns_isDoneByTheService() throws Exception {
    Process service =
        Cli.start(folder, Map.of(), "standalone", "--data-dir", "data", "--listen", "127.0.0.1:0");
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> Cli.out(folder).contains("Ctrl-C"));
      Result result = dlq("replay", "--all");

      assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.BAD);
      assertThat(result.out())
          .isEqualTo("read=3 stored=1 duplicates=0 parked-again=1 exhausted=1 closed=2\n");
      assertThat(dlq("list").out()).contains("open=2 malformed-json=1 unknown-version=1");
      assertThat(dlq("replay", "1-8").err()).contains("belong to no open dead letter");
      assertThat(dlq("replay", "--reason", "malformed-json").out()).startsWith("read=1 stored=0 ");
      assertThat(post(data.resolve("url"), "auditor")).isEqualTo(403);
    } finally {
      service.destroy();
      assertThat(service.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
    try (LuceneStore store = new LuceneStore(data.resolve("index"), Retention.DEFAULT)) {
      store.start();
      assertThat(store.get(good.position().eventId(), Query.ALL)).hasSize(1);
    }
  }

  private int post(Path url, String credential) throws Exception {
    String token =
        Files.readString(data.resolve("credentials").resolve(credential + ".token")).strip();
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(Files.readString(url).strip() + "/api/v1/dead-letters/replay"))
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString("{\"all\":true}"))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void aFolderWithoutDeadLetters_hasNone_andAFolderThatIsNoneIsAClearError() throws Exception {
    data = Files.createDirectories(folder.resolve("empty"));
    assertThat(dlq("list").out()).isEqualTo("open=0\n");
    assertThat(data).isEmptyDirectory();

    data = folder.resolve("nowhere");
    for (String[] command : new String[][] {{"list"}, {"replay", "--all"}}) {
      Result result = dlq(command);
      assertThat(result.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
      assertThat(result.err()).contains("nowhere is no data directory").contains("--data-dir");
      assertThat(data).doesNotExist();
    }
  }
}
