package dev.bitacora.collector.index;

import dev.bitacora.collector.health.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that deliver batches and try again, for ever, what could not be settled; while some
 * records wait for their next attempt, other batches go on. {@link #close} interrupts nobody, since
 * an interrupt closes a store's files under every other thread: a write under way ends, and what
 * waits stays unsettled. There is one more of them than write at a time: it reads the next batch
 * meanwhile. A store that has too much to do is written to by fewer at a time. Safe for any thread.
 */
public final class Senders implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Senders.class);

  private final Delivery delivery;
  private final DelayQueue<Batch> queue = new DelayQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Throttle throttle;
  private volatile boolean running = true;

  /**
   * Makes the threads; {@link #start} starts them.
   *
   * @param count how many write at a time
   */
  public Senders(Delivery delivery, int count) {
    this.delivery = delivery;
    this.throttle = new Throttle(count);
    for (int i = 1; i <= count + 1; i++) {
      Thread thread = new Thread(this::run, "bitacora-sender-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  public void start() {
    threads.forEach(Thread::start);
  }

  /** Hands over a batch; never blocks. */
  public void deliver(List<LogRecord> records) {
    queue.add(Batch.fresh(records));
  }

  /** Down when a thread died. */
  public Condition alive() {
    long dead = threads.stream().filter(thread -> !thread.isAlive()).count();
    return dead == 0
        ? Condition.up(threads.size() + " senders run")
        : Condition.down(dead + " of " + threads.size() + " senders died; restart the collector");
  }

  @Override
  public void close() {
    running = false;
    throttle.open();
    threads.forEach(thread -> queue.add(Batch.STOP));
  }

  private void run() {
    while (running) {
      try {
        Batch batch = queue.take();
        if (batch != Batch.STOP) {
          prepare(batch);
          throttle.enter();
          if (running) {
            deliver(batch);
          }
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** The store is not asked meanwhile. */
  private static void prepare(Batch batch) {
    try {
      var unused = batch.read();
    } catch (RuntimeException e) {
      // Delivering reads it once more, and says so.
    }
  }

  private void deliver(Batch batch) {
    List<PendingRecord> left;
    try {
      left = delivery.attempt(batch.read());
    } catch (RuntimeException e) {
      // A defect of ours must not cost the batch: what is not settled yet is tried again.
      LOG.error("Senders: a delivery failed unexpectedly and will be tried again", e);
      left = batch.unsettled();
    }
    throttle.leave(left.stream().anyMatch(PendingRecord::isTooMuch));
    if (!left.isEmpty() && running) {
      queue.add(batch.again(left));
    }
  }

  /** Records and the time of their next attempt. */
  private static final class Batch implements Delayed {
    /** Wakes a sender that is to end; due before everything else. */
    static final Batch STOP = new Batch(List.of(), List.of(), 0, System.nanoTime());

    private List<LogRecord> unread;
    private List<PendingRecord> records;
    private final int failures;
    private final long dueNanos;

    private Batch(
        List<LogRecord> unread, List<PendingRecord> records, int failures, long dueNanos) {
      this.unread = unread;
      this.records = records;
      this.failures = failures;
      this.dueNanos = dueNanos;
    }

    static Batch fresh(List<LogRecord> records) {
      return new Batch(records, List.of(), 0, System.nanoTime());
    }

    Batch again(List<PendingRecord> left) {
      int failed = failures + 1;
      return new Batch(
          List.of(), left, failed, System.nanoTime() + Backoff.after(failed).toNanos());
    }

    List<PendingRecord> read() {
      if (!unread.isEmpty()) {
        records = unread.stream().map(LogRecord::read).toList();
        unread = List.of();
      }
      return records;
    }

    List<PendingRecord> unsettled() {
      return read().stream().filter(record -> !record.isSettled()).toList();
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
