package dev.bitacora.collector.index;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers records across partitions until a batch is worth a write: 5 MiB, 1,000 records, or 200 ms
 * after its first record. Confined to one thread.
 */
public final class Batcher {
  private static final long MAX_BYTES = 5 << 20;
  private static final int MAX_RECORDS = 1000;
  private static final Duration MAX_AGE = Duration.ofMillis(200);

  private List<LogRecord> open = new ArrayList<>();
  private long bytes;
  private long openedNanos;

  /**
   * Adds a record.
   *
   * @return the batch that this record fills; otherwise empty
   */
  public List<LogRecord> add(LogRecord record) {
    if (open.isEmpty()) {
      openedNanos = System.nanoTime();
    }
    open.add(record);
    bytes += record.raw().size();
    return bytes >= MAX_BYTES || open.size() >= MAX_RECORDS ? take() : List.of();
  }

  /** The open batch when it is old enough; otherwise empty. */
  public List<LogRecord> takeOld() {
    return timeLeft().isZero() ? take() : List.of();
  }

  /** The open batch, whatever it holds. */
  public List<LogRecord> take() {
    List<LogRecord> batch = open;
    open = new ArrayList<>();
    bytes = 0;
    return batch;
  }

  /** Until the open batch is old enough; a batch's whole age when none is open. */
  public Duration timeLeft() {
    if (open.isEmpty()) {
      return MAX_AGE;
    }
    Duration left = MAX_AGE.minusNanos(System.nanoTime() - openedNanos);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
