package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A bounded queue in memory, for where there is no disk to write to. <strong>It does not survive a
 * crash of the process.</strong>
 *
 * <p>All state is guarded by {@code this}, held for a few assignments only, or for writing one gap
 * record when there is room again after a refusal.
 */
public final class MemorySpool implements Spool {
  /** What a record costs beside its bytes. */
  private static final int OVERHEAD = 64;

  private final StreamId stream;
  private final long maxBytes;
  private final GapRecords gapRecords;
  private final Clock clock;
  private final Refusals refusals = new Refusals();

  /** Records hang on each other; the head is the last one forgotten, so that it is never null. */
  private Node head = new Node(null);

  private Node tail = head;
  private long nextSequence;
  private long bytes;
  private long records;
  private long accepted;
  private boolean closed;
  private volatile Watermark watermark;

  /**
   * An empty queue.
   *
   * @param maxBytes above which records are refused, control records excepted
   */
  public MemorySpool(StreamId stream, long maxBytes, GapRecords gapRecords, Clock clock) {
    this.stream = stream;
    this.maxBytes = maxBytes;
    this.gapRecords = gapRecords;
    this.clock = clock;
    this.watermark = new Watermark(stream, 0, 0, -1, ChainLink.ZERO);
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
  public synchronized long append(RecordKind kind, byte[] value) {
    if (closed) {
      refuse("the agent is closed");
      return REFUSED;
    }
    if (kind != RecordKind.CONTROL && bytes + value.length + OVERHEAD > maxBytes) {
      refuse("the queue of " + maxBytes + " bytes is full");
      return REFUSED;
    }
    return add(kind, value);
  }

  @Override
  public synchronized long appendIfRoom(RecordKind kind, byte[] value) {
    return closed ? REFUSED : add(kind, value);
  }

  @Override
  public void refuse(String reason) {
    refusals.add(reason, clock.instant());
  }

  /** Memory goes with the process: nothing may follow. */
  @Override
  public void appendEnd(RecordKind kind, byte[] value) {
    appendLast(kind, value);
  }

  @Override
  public synchronized void appendLast(RecordKind kind, byte[] value) {
    if (!closed) {
      add(kind, value);
      closed = true;
    }
  }

  private long add(RecordKind kind, byte[] value) {
    accountForRefusals();
    long sequence = nextSequence++;
    link(sequence, sequence, kind, value);
    if (kind != RecordKind.CONTROL) {
      accepted++;
    }
    return sequence;
  }

  private void accountForRefusals() {
    Optional<Refusals.Batch> batch = refusals.take();
    while (batch.isPresent()) {
      Refusals.Batch some = batch.get();
      long first = nextSequence;
      nextSequence += some.count();
      long last = nextSequence - 1;
      byte[] value =
          gapRecords.dropped(stream, first, last, some.firstTime(), some.lastTime(), some.reason());
      link(first, last, RecordKind.CONTROL, value);
      batch = refusals.take();
    }
  }

  private void link(long first, long sequence, RecordKind kind, byte[] value) {
    Node node =
        new Node(
            new SpooledRecord(
                stream, first, sequence, kind, value, clock.millis() * 1000, 0, sequence + 1));
    tail.next = node;
    tail = node;
    bytes += value.length + OVERHEAD;
    records++;
  }

  @Override
  public SpoolCursor cursor() {
    return new Cursor(head());
  }

  @Override
  public SpoolCursor ownCursor() {
    return cursor();
  }

  private synchronized Node head() {
    return head;
  }

  @Override
  public Watermark watermark() {
    return watermark;
  }

  @Override
  public synchronized void acknowledge(Watermark delivered) {
    watermark = delivered;
    while (head.next != null && head.next.record.sequence() <= delivered.sequence()) {
      head = head.next;
      bytes -= head.record.value().length + OVERHEAD;
      records--;
    }
  }

  @Override
  public CompletableFuture<Void> forced() {
    return CompletableFuture.failedFuture(
        new IllegalStateException("records are kept in memory only: there is no disk to wait for"));
  }

  @Override
  public synchronized SpoolState state() {
    Duration oldest =
        head.next == null
            ? Duration.ZERO
            : Duration.ofMillis(
                Math.max(0, clock.millis() - head.next.record.acceptedMicros() / 1000));
    return new SpoolState(accepted, refusals.total(), nextSequence, bytes, records, oldest, fill());
  }

  @Override
  public synchronized double fill() {
    return Math.min(1, (double) bytes / maxBytes);
  }

  @Override
  public Optional<Path> folder() {
    return Optional.empty();
  }

  @Override
  public Optional<Predecessor> predecessor() {
    return Optional.empty();
  }

  @Override
  public void close() {
    // memory goes with the process
  }

  private static final class Node {
    private final SpooledRecord record;
    private Node next;

    Node(SpooledRecord record) {
      this.record = record;
    }
  }

  /** Stands at the last record that was read. */
  private final class Cursor implements SpoolCursor {
    private Node place;

    Cursor(Node place) {
      this.place = place;
    }

    @Override
    public List<SpooledRecord> read(int maxRecords, int maxBytes) {
      List<SpooledRecord> batch = new ArrayList<>();
      long size = 0;
      synchronized (MemorySpool.this) {
        while (place.next != null && batch.size() < maxRecords) {
          SpooledRecord record = place.next.record;
          size += record.value().length;
          if (size > maxBytes && !batch.isEmpty()) {
            break;
          }
          batch.add(record);
          place = place.next;
        }
      }
      return batch;
    }

    @Override
    public boolean hasNext() {
      synchronized (MemorySpool.this) {
        return place.next != null;
      }
    }

    @Override
    public void seek(Watermark watermark) {
      synchronized (MemorySpool.this) {
        place = head;
        while (place.next != null && place.next.record.sequence() <= watermark.sequence()) {
          place = place.next;
        }
      }
    }

    @Override
    public void close() {
      // holds nothing
    }
  }
}
