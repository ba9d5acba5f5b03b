package dev.bitacora.collector.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.query.Query;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Retention;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.lucene.LuceneStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the watch finds in real files, with a real store. */
final class DeadLetterWatchTest {
  @TempDir Path data;

  private final TestStream stream = new TestStream();
  private LuceneStore store;
  private DeadLetterFiles letters;
  private DeadLetterWatch watch;

  @BeforeEach
  void open() throws Exception {
    store = new LuceneStore(data.resolve("index"), Retention.DEFAULT);
    store.start();
    letters = new DeadLetterFiles(data.resolve("dlq"));
    letters.start();
    watch = new DeadLetterWatch(letters, this::has, Optional.empty(), Clock.systemUTC());
  }

  private boolean has(String eventId, String documentId) {
    return store.get(eventId, Query.ALL).stream()
        .anyMatch(event -> event.documentId().equals(documentId));
  }

  @AfterEach
  void close() {
    watch.close();
    letters.close();
    store.close();
  }

  private void park(RawRecord record, DeadLetterReason reason) throws Exception {
    letters.add(List.of(new DeadLetter(record, reason, "", 1, 0, Instant.now())));
  }

  private static RawRecord raw(WireRecord wire) {
    return RawRecord.of(wire, Optional.of(new LogPosition("bitacora.audit/0", 0)), "");
  }

  private void keep(WireRecord wire) throws Exception {
    NewEvent event =
        new NewEvent(
            wire.position(),
            dev.bitacora.core.event.AuditEvent.parse(wire.value()),
            Instant.now(),
            new LogPosition("bitacora.audit/0", 5),
            AgentIdStatus.VERIFIED);
    assertThat(store.write(List.of(event))).containsExactly(WriteResult.INDEXED);
  }

  @Test
  void aLook_countsTheOpenLettersByReason() throws Exception {
    assertThat(watch.open()).isEmpty();
    park(raw(stream.next("no event")), DeadLetterReason.MALFORMED_JSON);
    park(raw(stream.next("none either")), DeadLetterReason.MALFORMED_JSON);
    park(
        RawRecord.unnumbered("{}".getBytes(StandardCharsets.UTF_8), "billing"),
        DeadLetterReason.INVALID_EVENT);

    watch.look();

    assertThat(watch.open())
        .isEqualTo(Map.of(DeadLetterReason.MALFORMED_JSON, 2L, DeadLetterReason.INVALID_EVENT, 1L));
  }

  @Test
  void anEventThatArrivesLater_closesItsDeadLetter_andNoOther() throws Exception {
    WireRecord arrives = stream.next();
    WireRecord away = stream.next();
    park(raw(arrives), DeadLetterReason.REFUSED_BY_STORE);
    park(raw(away), DeadLetterReason.REFUSED_BY_STORE);
    watch.look();
    assertThat(watch.open()).containsEntry(DeadLetterReason.REFUSED_BY_STORE, 2L);

    keep(arrives);
    watch.look();

    assertThat(watch.open()).containsEntry(DeadLetterReason.REFUSED_BY_STORE, 1L);
    assertThat(letters.list(10))
        .singleElement()
        .satisfies(
            left ->
                assertThat(left.record().value())
                    .hasValueSatisfying(value -> assertThat(value).isEqualTo(away.value())));
  }

  @Test
  void anotherEventWithTheSameNumber_closesNothing() throws Exception {
    WireRecord real = stream.next();
    WireRecord forged =
        new WireRecord(
            RecordKind.AUDIT,
            real.position(),
            real.previous(),
            TestStream.event("other").build().bytes());
    park(raw(real), DeadLetterReason.REFUSED_BY_STORE);
    keep(forged);

    watch.look();

    assertThat(letters.list(10)).hasSize(1);
  }

  @Test
  void aStoreThatCanNotSay_leavesEverythingOpen() throws Exception {
    WireRecord arrives = stream.next();
    park(raw(arrives), DeadLetterReason.REFUSED_BY_STORE);
    keep(arrives);
    DeadLetterWatch blind =
        new DeadLetterWatch(
            letters,
            (event, document) -> {
              throw new StoreException("no shard answers");
            },
            Optional.empty(),
            Clock.systemUTC());

    assertThatThrownBy(blind::look).hasMessage("no shard answers");
    assertThat(letters.list(10)).hasSize(1);
  }

  @Test
  void theThread_looksAtOnce_andEndsWhenItIsClosed() throws Exception {
    park(raw(stream.next("no event")), DeadLetterReason.MALFORMED_JSON);
    watch.start();
    org.awaitility.Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(watch.open()).containsEntry(DeadLetterReason.MALFORMED_JSON, 1L));
    watch.close();
    org.awaitility.Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(30))
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("bitacora-dead-letters")));
  }
}
