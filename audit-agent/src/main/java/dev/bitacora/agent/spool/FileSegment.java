package dev.bitacora.agent.spool;

import dev.bitacora.core.wire.RecordKind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * A segment that each append writes to with one system call: for file systems on which mapped
 * memory is not safe, and the yardstick for {@link MappedSegment}. State is guarded by {@code
 * this}.
 */
final class FileSegment implements Segment {
  private final Disk disk;
  private final long capacity;
  private RandomAccessFile file;
  private SegmentName name;
  private int seed;
  private long base;
  private long count;
  private boolean ended = true;

  /** Read without the lock. */
  private final AtomicLong written = new AtomicLong();

  /** A spare whose file is there. */
  FileSegment(Disk disk, SegmentName name, RandomAccessFile file, long capacity) {
    this.disk = disk;
    this.name = name;
    this.file = file;
    this.capacity = capacity;
  }

  @Override
  public synchronized SegmentName name() {
    return name;
  }

  @Override
  public long capacity() {
    return capacity;
  }

  @Override
  public synchronized void activate(long base) {
    this.base = base;
    seed = name.seed();
    ended = false;
    byte[] header = new SegmentHeader(name, base, System.currentTimeMillis()).encode().array();
    if (!write(header)) {
      ended = true;
    }
  }

  @Override
  public long append(RecordKind kind, byte[] payload) {
    return store(RecordFormat.HEADER + payload.length, kind, 1, sequence -> payload);
  }

  @Override
  public long appendGap(int span, LongFunction<byte[]> payload) {
    int length = RecordFormat.HEADER + payload.apply(Spool.HIGHEST_SEQUENCE).length;
    return store(length, RecordKind.CONTROL, span, payload);
  }

  @Override
  public synchronized long appendLast(RecordKind kind, byte[] payload) {
    long sequence = append(kind, payload);
    ended = true;
    return sequence;
  }

  private synchronized long store(
      int length, RecordKind kind, int span, LongFunction<byte[]> payloadOf) {
    if (ended || written.get() + RecordFormat.aligned(length) > capacity) {
      ended = true;
      return FULL;
    }
    long sequence = base + count + span - 1;
    byte[] payload = payloadOf.apply(sequence);
    long shape = RecordFormat.shape(kind.code(), span, payload.length);
    long micros = System.currentTimeMillis() * 1000;
    byte[] record = RecordFormat.encode(seed, length, sequence, micros, shape, payload);
    if (!write(record)) {
      ended = true; // what may stand there now is stepped over; go on in another file
      return FULL;
    }
    count += span;
    return sequence;
  }

  private boolean write(byte[] bytes) {
    try {
      file.write(bytes);
      written.addAndGet(bytes.length);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public synchronized Optional<Long> end() {
    return ended ? Optional.of(base + count) : Optional.empty();
  }

  @Override
  public synchronized long base() {
    return base;
  }

  @Override
  public synchronized long next() {
    return base + count;
  }

  @Override
  public long used() {
    return written.get();
  }

  @Override
  public synchronized boolean isComplete() {
    return ended;
  }

  @Override
  public synchronized SegmentReader reader(long offset) throws IOException {
    FileBytes bytes = new FileBytes(name.in(disk.folder()));
    long from = Math.max(offset, SegmentHeader.BYTES);
    return new StoredReader(bytes, name, from, this::used, this::isComplete);
  }

  @Override
  public void touch(long from, long to) {
    // nothing is mapped
  }

  @Override
  public void release() {
    // nothing is mapped
  }

  @Override
  public synchronized void force() throws IOException {
    file.getFD().sync();
  }

  /** To fill it with zeros costs as much as to make another. */
  @Override
  public boolean recycle(SegmentName newName) {
    return false;
  }

  @Override
  public synchronized void discard() throws IOException {
    close();
    disk.discard(name.in(disk.folder()));
  }

  @Override
  public synchronized void close() {
    try {
      file.close();
    } catch (IOException e) {
      // each append was one write; there is nothing left to fail
    }
  }
}
