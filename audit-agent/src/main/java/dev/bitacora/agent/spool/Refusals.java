package dev.bitacora.agent.spool;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/**
 * Records that were refused and are not accounted for yet. Safe for any thread; the lock is taken
 * only by those who were refused and by whoever accounts for them.
 */
final class Refusals {
  private long pending;
  private long total;
  private Instant firstTime = Instant.EPOCH;
  private Instant lastTime = Instant.EPOCH;
  private String reason = "";

  /** Some refusals, with the reason of the first. */
  record Batch(int count, Instant firstTime, Instant lastTime, String reason) {}

  synchronized void add(String why, Instant now) {
    if (pending == 0) {
      firstTime = now;
      reason = why;
    }
    lastTime = now;
    pending++;
    total++;
  }

  /** Counts refusals that a record accounts for already. */
  synchronized void accountedFor(long count) {
    total += count;
  }

  /** As many as one record can stand for; they are not pending any more. */
  synchronized Optional<Batch> take() {
    if (pending == 0) {
      return Optional.empty();
    }
    int count = (int) Math.min(pending, RecordFormat.MAX_SPAN);
    pending -= count;
    return Optional.of(new Batch(count, firstTime, lastTime, reason));
  }

  /** There was no room for the record that accounts for them. */
  synchronized void putBack(Batch batch) {
    if (pending == 0) {
      lastTime = batch.lastTime();
    }
    firstTime = batch.firstTime();
    reason = batch.reason();
    pending += batch.count();
  }

  /** Writes total, pending, and the times of the first and the last pending one. */
  synchronized void writeTo(ByteBuffer memory, int at) {
    memory.putLong(at, total).putLong(at + 8, pending);
    memory.putLong(at + 16, firstTime.toEpochMilli()).putLong(at + 24, lastTime.toEpochMilli());
  }

  synchronized long pending() {
    return pending;
  }

  synchronized long total() {
    return total;
  }
}
