package dev.bitacora.collector.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.deadletter.DeadLetterFiles;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.support.SabotagedStore;
import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Retention;
import dev.bitacora.store.Selection;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.lucene.LuceneStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Senders of which four write at a time, and a gate before a real store, at which a test sees how
 * many of them write.
 */
final class SendersTest implements Receipt {
  private static final int SENDERS = 4;

  @TempDir Path data;

  private final AtomicInteger writing = new AtomicInteger();
  private final AtomicInteger passed = new AtomicInteger();
  private final Semaphore gate = new Semaphore(0);
  private final AtomicInteger settled = new AtomicInteger();
  private final TestStream stream = new TestStream();
  private LuceneStore lucene;
  private SabotagedStore store;
  private DeadLetterFiles deadLetters;
  private Senders senders;

  @BeforeEach
  void open() throws Exception {
    lucene = new LuceneStore(data.resolve("index"), Retention.DEFAULT);
    lucene.start();
    store = new SabotagedStore(lucene);
    deadLetters = new DeadLetterFiles(data.resolve("dlq"));
    deadLetters.start();
    Delivery delivery =
        new Delivery(store, Retention.DEFAULT, deadLetters, Measurements.NONE, Clock.systemUTC());
    senders = new Senders(delivery, SENDERS);
    senders.start();
  }

  @AfterEach
  void close() {
    senders.close();
    gate.release(1000);
    awaitEnd();
    lucene.close();
    deadLetters.close();
  }

  private void awaitEnd() {
    await().untilAsserted(() -> assertThat(senders.alive().reason()).startsWith("5 of 5"));
  }

  @Override
  public void settled(PendingRecord record, Settlement how) {
    settled.incrementAndGet();
  }

  @Override
  public boolean isWanted() {
    return true;
  }

  /** Batches of one event each, so that one write is one passage of the gate. */
  private void deliver(int batches) {
    for (int i = 0; i < batches; i++) {
      WireRecord wire = stream.next();
      LogPosition place = new LogPosition("bitacora.audit/0", wire.position().sequence());
      senders.deliver(
          List.of(new LogRecord(RawRecord.of(wire, Optional.of(place), ""), Instant.now(), this)));
    }
  }

  private Optional<WriteResult> passing(WriteResult.Status answer) {
    writing.incrementAndGet();
    gate.acquireUninterruptibly();
    writing.decrementAndGet();
    passed.incrementAndGet();
    return answer == WriteResult.Status.INDEXED
        ? Optional.empty()
        : Optional.of(new WriteResult(answer, "429"));
  }

  private void answer(WriteResult.Status status) {
    store.answer((NewEvent event) -> passing(status));
  }

  /** Senders that have a batch in their hands and no leave to write it. */
  private static long held() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().startsWith("bitacora-sender-"))
        .filter(thread -> thread.getKey().getState() == Thread.State.WAITING)
        .filter(
            thread ->
                Arrays.stream(thread.getValue())
                    .anyMatch(frame -> frame.getClassName().equals(Throttle.class.getName())))
        .count();
  }

  /** Lets so many pass the gate and waits until all stand still again. */
  private void pass(int writes, int writersThen, int heldThen) {
    int before = passed.get();
    gate.release(writes);
    await()
        .untilAsserted(
            () -> {
              assertThat(passed.get()).isEqualTo(before + writes);
              assertThat(writing.get()).isEqualTo(writersThen);
              assertThat(held()).isEqualTo(heldThen);
            });
  }

  @Test
  void aStoreWithTooMuchToDo_isWrittenToByHalfAsManySendersAtATime_andByAllAgainLater()
      throws Exception {
    answer(WriteResult.Status.OVERLOADED);
    deliver(12);
    pass(0, 4, 1);
    pass(4, 2, 3);
    pass(2, 1, 4);

    answer(WriteResult.Status.INDEXED);
    pass(1, 1, 4); // it had asked before
    pass(1 + 2 + 3, 4, 1);

    gate.release(1000);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(settled.get()).isEqualTo(12));
    assertThat(lucene.count(Selection.ALL)).isEqualTo(12);
  }

  @Test
  void aStoreThatFailsOtherwise_isWrittenToByAllOfThem() {
    answer(WriteResult.Status.TRANSIENT);
    deliver(12);
    pass(0, 4, 1);
    pass(4, 4, 1);
  }

  @Test
  void close_letsAWriteThatIsUnderWayEnd_andTakesUpNoOther() {
    answer(WriteResult.Status.INDEXED);
    deliver(12);
    pass(0, 4, 1);
    senders.close();
    gate.release(1000);
    awaitEnd();
    assertThat(settled.get()).isEqualTo(4);
  }
}
