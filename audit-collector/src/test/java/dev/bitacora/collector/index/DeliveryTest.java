package dev.bitacora.collector.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.deadletter.DeadLetterFiles;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.support.SabotagedStore;
import dev.bitacora.collector.support.TestClock;
import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Retention;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.WriteResult.Status;
import dev.bitacora.store.lucene.LuceneStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each of the store's answers leads to, with a saboteur in front of a real store. */
final class DeliveryTest implements Receipt {
  @TempDir Path data;

  private final ConcurrentHashMap<Long, Settlement> settled = new ConcurrentHashMap<>();
  private final TestStream stream = new TestStream();
  private LuceneStore lucene;
  private SabotagedStore store;
  private DeadLetterFiles deadLetters;
  private Delivery delivery;
  private boolean wanted = true;

  @BeforeEach
  void open() throws Exception {
    lucene = new LuceneStore(data.resolve("index"), Retention.DEFAULT);
    lucene.start();
    store = new SabotagedStore(lucene);
    deadLetters = new DeadLetterFiles(data.resolve("dlq"));
    deadLetters.start();
    delivery =
        new Delivery(store, Retention.DEFAULT, deadLetters, Measurements.NONE, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    lucene.close();
    deadLetters.close();
  }

  @Override
  public void settled(PendingRecord record, Settlement how) {
    long offset = record.raw().origin().orElseThrow().offset();
    assertThat(settled.put(offset, how)).as("settled once").isNull();
  }

  @Override
  public boolean isWanted() {
    return wanted;
  }

  private List<PendingRecord> pending(int count) throws Exception {
    List<PendingRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(pending(stream.next()));
    }
    return records;
  }

  private PendingRecord pending(WireRecord wire) throws Exception {
    LogPosition position = new LogPosition("bitacora.audit/0", wire.position().sequence());
    NewEvent event =
        new NewEvent(
            wire.position(),
            AuditEvent.parse(wire.value()),
            Instant.now(),
            position,
            AgentIdStatus.VERIFIED);
    return PendingRecord.of(RawRecord.of(wire, Optional.of(position), ""), event, this);
  }

  private void answer(long sequence, Status status, String detail) {
    store.answer(
        event ->
            event.position().stream().equals(stream.id()) && event.position().sequence() == sequence
                ? Optional.of(new WriteResult(status, detail))
                : Optional.empty());
  }

  private List<DeadLetter> letters() throws Exception {
    return deadLetters.list(100);
  }

  private List<StoredEvent> canaries() {
    List<StoredEvent> found = new ArrayList<>();
    lucene.stream(
        Selection.ALL,
        event -> {
          if (event.log().equals(Canary.LOG)) {
            found.add(event);
          }
        });
    return found;
  }

  @Test
  void transientAnswer_leavesThatRecordAloneForLater() throws Exception {
    answer(1, Status.TRANSIENT, "shard is red");
    List<PendingRecord> left = delivery.attempt(pending(3));
    assertThat(left).hasSize(1);
    assertThat(settled).containsOnlyKeys(0L, 2L).containsValue(Settlement.INDEXED);
    assertThat(delivery.condition().up()).isFalse();
    assertThat(delivery.condition().reason()).contains("1 records wait", "shard is red");
    store.repair();
    assertThat(delivery.attempt(left)).isEmpty();
    assertThat(settled).hasSize(3);
    assertThat(delivery.condition().up()).isTrue();
  }

  @Test
  void environmentAnswer_isNeverADeadLetter() throws Exception {
    store.answerAll(Status.ENVIRONMENT, "403: the password was revoked");
    List<PendingRecord> left = pending(5);
    for (int i = 0; i < 20; i++) {
      left = delivery.attempt(left);
    }
    assertThat(left).hasSize(5);
    assertThat(letters()).isEmpty();
    assertThat(delivery.condition().reason()).contains("environment", "password was revoked");
  }

  @Test
  void suspect_whoseCanaryIsAccepted_isADeadLetter() throws Exception {
    answer(1, Status.SUSPECT, "400: a mapping problem");
    assertThat(delivery.attempt(pending(3))).isEmpty();
    assertThat(settled.get(1L)).isEqualTo(Settlement.DEADLETTERED);
    assertThat(letters()).hasSize(1);
    assertThat(letters().get(0).reason().text()).isEqualTo("refused-by-store");
    assertThat(letters().get(0).detail()).contains("a mapping problem");
    assertThat(letters().get(0).attempts()).isEqualTo(2);
    assertThat(canaries()).hasSize(1);
    AuditEvent canary = AuditEvent.parse(canaries().get(0).original());
    assertThat(canary.dataset().text()).isEqualTo("control");
    assertThat(canary.text("event.action")).contains(Canary.ACTION);
  }

  @Test
  void manySuspectsOfOneIndex_costOneCanary() throws Exception {
    store.answer(
        event ->
            event.position().stream().equals(stream.id())
                ? Optional.of(new WriteResult(Status.SUSPECT, "400"))
                : Optional.empty());
    assertThat(delivery.attempt(pending(50))).isEmpty();
    assertThat(letters()).hasSize(50);
    assertThat(canaries()).hasSize(1);
  }

  @Test
  void suspectLogLine_sendsItsCanaryToTheLogsIndex() throws Exception {
    answer(0, Status.SUSPECT, "400");
    PendingRecord line = pending(stream.next(TestStream.logLine("started")));
    delivery.attempt(List.of(line));
    assertThat(AuditEvent.parse(canaries().get(0).original()).dataset().text()).isEqualTo("log");
  }

  @Test
  void suspect_whoseCanaryIsRefusedToo_waitsForTheEnvironment() throws Exception {
    store.answerAll(Status.SUSPECT, "400: the index has no mapping");
    List<PendingRecord> left = delivery.attempt(pending(3));
    assertThat(left).hasSize(3);
    assertThat(letters()).isEmpty();
    assertThat(delivery.condition().reason()).contains("refuses a known good document too");
    store.repair();
    assertThat(delivery.attempt(left)).isEmpty();
    assertThat(settled).hasSize(3);
  }

  @Test
  void suspect_whoseTroublePassesBeforeItIsJudged_isIndexed() throws Exception {
    Set<StreamPosition> refusedBefore = new HashSet<>();
    store.answer(
        event ->
            refusedBefore.add(event.position())
                ? Optional.of(new WriteResult(Status.SUSPECT, "400: the index has no mapping"))
                : Optional.empty());
    List<PendingRecord> left = delivery.attempt(pending(3));
    assertThat(letters()).isEmpty();
    assertThat(settled).hasSize(3).containsValue(Settlement.INDEXED);
    assertThat(left).isEmpty();
  }

  @Test
  void suspect_whoseCanaryGetsNoAnswer_waits() throws Exception {
    store.answer(
        event ->
            Optional.of(
                event.position().stream().equals(stream.id())
                    ? new WriteResult(Status.SUSPECT, "400")
                    : new WriteResult(Status.TRANSIENT, "timed out")));
    assertThat(delivery.attempt(pending(2))).hasSize(2);
    assertThat(letters()).isEmpty();
    assertThat(delivery.condition().reason()).contains("transient", "timed out");
  }

  @Test
  void tooLargeABatch_isHalvedUntilItFits() throws Exception {
    store.refuseBatchesAbove(10);
    assertThat(delivery.attempt(pending(64))).isEmpty();
    assertThat(settled).hasSize(64);
    assertThat(letters()).isEmpty();
    assertThat(store.batchSizes()).contains(64, 32, 16, 8);
  }

  @Test
  void documentThatIsTooLargeAlone_isADeadLetterAndItsNeighboursIndexed() throws Exception {
    answer(5, Status.TOO_LARGE, "413");
    assertThat(delivery.attempt(pending(8))).isEmpty();
    assertThat(settled).hasSize(8).containsEntry(5L, Settlement.DEADLETTERED);
    assertThat(letters()).extracting(letter -> letter.reason().text()).containsExactly("too-large");
    assertThat(lucene.count(Selection.ALL)).isEqualTo(7);
  }

  @Test
  void answersThatAreFewerOrMore_confirmNothing() throws Exception {
    store.distort(results -> results.subList(0, results.size() - 1));
    List<PendingRecord> left = delivery.attempt(pending(4));
    assertThat(left).hasSize(4);
    store.distort(
        results -> {
          List<WriteResult> more = new ArrayList<>(results);
          more.add(WriteResult.INDEXED);
          return more;
        });
    assertThat(delivery.attempt(left)).hasSize(4);
    assertThat(settled).isEmpty();
    store.repair();
    assertThat(delivery.attempt(left)).isEmpty();
    assertThat(settled.values()).containsOnly(Settlement.DUPLICATE);
    assertThat(lucene.count(Selection.ALL)).isEqualTo(4);
  }

  @Test
  void storeThatThrows_confirmsNothing() throws Exception {
    store.distort(
        results -> {
          throw new IllegalStateException("HTML from a proxy");
        });
    assertThat(delivery.attempt(pending(2))).hasSize(2);
    assertThat(delivery.condition().reason()).contains("HTML from a proxy");
    assertThat(settled).isEmpty();
  }

  @Test
  void deadLettersThatCanNotBeWritten_keepTheRecordUnsettled() throws Exception {
    deadLetters.close();
    answer(0, Status.TOO_LARGE, "413");
    List<PendingRecord> left = delivery.attempt(pending(1));
    assertThat(left).hasSize(1);
    assertThat(settled).isEmpty();
    assertThat(delivery.condition().reason()).contains("dead-letters");
    deadLetters.start();
    assertThat(delivery.attempt(left)).isEmpty();
    assertThat(settled).containsEntry(0L, Settlement.DEADLETTERED);
    assertThat(letters()).hasSize(1);
  }

  @Test
  void recordThatNobodyWaitsFor_isDroppedAndHealthIsUpAgain() throws Exception {
    store.answerAll(Status.TRANSIENT, "down");
    List<PendingRecord> left = delivery.attempt(pending(3));
    wanted = false;
    assertThat(delivery.attempt(left)).isEmpty();
    assertThat(settled).isEmpty();
    assertThat(delivery.condition().up()).isTrue();
  }

  @Test
  void observers_seeWhatIsDurable_beforeItsReceiptIsGiven() throws Exception {
    List<String> seen = new ArrayList<>();
    Delivery observed =
        new Delivery(
            store,
            Retention.DEFAULT,
            deadLetters,
            Measurements.NONE,
            Clock.systemUTC(),
            (record, how) -> {
              long sequence = record.event().orElseThrow().position().sequence();
              assertThat(settled).doesNotContainKey(sequence);
              seen.add(sequence + " " + how);
            });
    answer(1, Status.TRANSIENT, "later");
    List<PendingRecord> left = observed.attempt(pending(2));
    assertThat(seen).containsExactly("0 INDEXED");
    answer(1, Status.TOO_LARGE, "413");
    observed.attempt(left);
    assertThat(seen).containsExactly("0 INDEXED", "1 DEADLETTERED");
    assertThat(settled).hasSize(2);
  }

  @Test
  void observerThatThrows_costsNeitherTheRecordNorTheNextObserver() throws Exception {
    List<Settlement> seen = new ArrayList<>();
    Delivery observed =
        new Delivery(
            store,
            Retention.DEFAULT,
            deadLetters,
            Measurements.NONE,
            Clock.systemUTC(),
            (record, how) -> {
              throw new IllegalStateException("a defect");
            },
            (record, how) -> seen.add(how));
    assertThat(observed.attempt(pending(2))).isEmpty();
    assertThat(settled.values()).containsOnly(Settlement.INDEXED);
    assertThat(seen).containsExactly(Settlement.INDEXED, Settlement.INDEXED);
  }

  @Test
  void endToEnd_lastsUntilTheStoreHasAnswered() throws Exception {
    List<PendingRecord> records = pending(2);
    Instant happened = records.get(0).requireEvent().event().timestamp();
    TestClock clock = new TestClock(happened.plusSeconds(1));
    List<Duration> measured = new ArrayList<>();
    store.answer(
        event -> {
          clock.set(happened.plusSeconds(7)); // while the store writes
          return Optional.empty();
        });
    new Delivery(store, Retention.DEFAULT, deadLetters, endToEnd(measured), clock).attempt(records);

    Instant second = records.get(1).requireEvent().event().timestamp();
    assertThat(measured)
        .containsExactly(Duration.ofSeconds(7), Duration.between(second, happened.plusSeconds(7)));
  }

  private static Measurements endToEnd(List<Duration> measured) {
    return new Measurements() {
      @Override
      public void bulk(Duration duration) {}

      @Override
      public void endToEnd(Duration duration) {
        measured.add(duration);
      }

      @Override
      public void clockAhead(Duration duration) {}

      @Override
      public void retried(String troubleClass, int records) {}
    };
  }
}
