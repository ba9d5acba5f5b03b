package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A bounded queue in memory. <strong>It does not survive a crash of the process.</strong>
 *
 * <p>All state is guarded by {@code this}, held for a few assignments only, or for writing one gap
 * record when there is room again after a refusal.
 */
public final class MemorySpool implements Spool {
  /** What a record costs beside its bytes. */
  private static final int OVERHEAD = 64;

  private final StreamId stream;
  private final long maxBytes;
  private final GapRecord gapRecord;
  private final Clock clock;

  /** Records hang on each other; the head is the last one released, so that it is never null. */
  private Node head = new Node(null, 0);

  private Node tail = head;

  /** The last record that was read, so that reading on does not begin at the head. */
  private Node lastRead = head;

  private long nextSequence;
  private long bytes;
  private long records;
  private long accepted;
  private long refused;
  private boolean closed;
  private Gap gap;

  /** The reader while it waits. */
  private volatile Thread waiting;

  /**
   * An empty queue.
   *
   * @param maxBytes above which records are refused, control records excepted
   */
  public MemorySpool(StreamId stream, long maxBytes, GapRecord gapRecord, Clock clock) {
    this.stream = stream;
    this.maxBytes = maxBytes;
    this.gapRecord = gapRecord;
    this.clock = clock;
  }

  @Override
  public StreamId stream() {
    return stream;
  }

  @Override
  public Durability durability() {
    return Durability.MEMORY;
  }

  @Override
  public long append(RecordKind kind, byte[] value) {
    long sequence;
    synchronized (this) {
      if (closed) {
        refused++;
        return REFUSED;
      }
      if (kind != RecordKind.CONTROL && bytes + value.length + OVERHEAD > maxBytes) {
        extendGap("the queue of " + maxBytes + " bytes is full");
        return REFUSED;
      }
      sequence = add(kind, value);
    }
    wakeReader();
    return sequence;
  }

  @Override
  public synchronized void refuse(String reason) {
    if (closed) {
      refused++;
    } else {
      extendGap(reason);
    }
  }

  @Override
  public void appendLast(RecordKind kind, byte[] value) {
    synchronized (this) {
      if (closed) {
        return;
      }
      add(kind, value);
      closed = true;
    }
    wakeReader();
  }

  private void extendGap(String reason) {
    refused++;
    long spent = nextSequence++;
    Instant now = clock.instant();
    gap =
        gap == null
            ? new Gap(spent, now, now, reason)
            : new Gap(gap.first, gap.firstTime, now, gap.reason);
  }

  private long add(RecordKind kind, byte[] value) {
    closeGap();
    long sequence = nextSequence++;
    link(new SpooledRecord(sequence, kind, value));
    if (kind != RecordKind.CONTROL) {
      accepted++;
    }
    return sequence;
  }

  private void closeGap() {
    if (gap != null) {
      long last = nextSequence - 1;
      byte[] value = gapRecord.write(gap.first, last, gap.firstTime, gap.lastTime, gap.reason);
      gap = null;
      link(new SpooledRecord(last, RecordKind.CONTROL, value));
    }
  }

  private void link(SpooledRecord record) {
    Node node = new Node(record, clock.millis());
    tail.next = node;
    tail = node;
    bytes += record.value().length + OVERHEAD;
    records++;
  }

  @Override
  public synchronized List<SpooledRecord> read(long from, int maxRecords, int maxBytes) {
    Node before = nodeBefore(from);
    List<SpooledRecord> batch = new ArrayList<>();
    long size = 0;
    while (before.next != null && batch.size() < maxRecords) {
      SpooledRecord record = before.next.record;
      size += record.value().length;
      if (size > maxBytes && !batch.isEmpty()) {
        break;
      }
      batch.add(record);
      before = before.next;
    }
    lastRead = before;
    return batch;
  }

  private Node nodeBefore(long from) {
    boolean readsOn = lastRead.record != null && lastRead.record.sequence() < from;
    Node node = readsOn ? lastRead : head;
    while (node.next != null && node.next.record.sequence() < from) {
      node = node.next;
    }
    return node;
  }

  @Override
  public void await(long from, Duration atMost) {
    waiting = Thread.currentThread();
    try {
      if (!hasRecord(from)) {
        LockSupport.parkNanos(this, atMost.toNanos());
      }
    } finally {
      waiting = null;
    }
  }

  private synchronized boolean hasRecord(long from) {
    return tail != head && tail.record.sequence() >= from;
  }

  private void wakeReader() {
    Thread reader = waiting;
    if (reader != null) {
      waiting = null;
      LockSupport.unpark(reader);
    }
  }

  @Override
  public synchronized void release(long through) {
    while (head.next != null && head.next.record.sequence() <= through) {
      if (lastRead == head) {
        lastRead = head.next;
      }
      head = head.next;
      bytes -= head.record.value().length + OVERHEAD;
      records--;
      head.forget();
    }
  }

  @Override
  public synchronized SpoolState state() {
    Duration oldest =
        head.next == null
            ? Duration.ZERO
            : Duration.ofMillis(Math.max(0, clock.millis() - head.next.acceptedAt));
    return new SpoolState(accepted, refused, nextSequence, bytes, records, oldest);
  }

  /** Numbers spent on refused records, from the first to the latest. */
  private record Gap(long first, Instant firstTime, Instant lastTime, String reason) {}

  private static final class Node {
    private SpooledRecord record;
    private final long acceptedAt;
    private Node next;

    Node(SpooledRecord record, long acceptedAt) {
      this.record = record;
      this.acceptedAt = acceptedAt;
    }

    /** Keeps the number, which a reader may still compare with, and lets the bytes go. */
    void forget() {
      record = new SpooledRecord(record.sequence(), record.kind(), new byte[0]);
    }
  }
}
