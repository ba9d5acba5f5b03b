package dev.bitacora.agent.spool;

import dev.bitacora.core.wire.RecordKind;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.zip.CRC32C;

/**
 * A segment in mapped memory: what a thread has stored survives the death of the process by any
 * signal. An append takes no lock and makes no system call. It claims its bytes and its number by
 * one atomic addition, marks the claim, stores the record and commits it by a compare-and-set of
 * its length.
 *
 * <p>A claim that stays unfinished is closed by a reader. Whoever finishes it later finds that the
 * compare-and-set fails and has been refused.
 */
final class MappedSegment implements Segment {
  private static final VarHandle LENGTH =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /** The claims' low bits are an offset, the high bits count numbers. */
  private static final int OFFSET_BITS = 40;

  private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;
  private static final int PAGE = 4096;

  private final Disk disk;
  private final int capacity;

  /** Null once it is released. */
  private volatile MappedByteBuffer memory;

  /** Offset and count in one; beyond the end while the segment is a spare, so that none fits. */
  private final AtomicLong claims = new AtomicLong(OFFSET_MASK >>> 1);

  private volatile SegmentName name;
  private int seed;
  private byte[] header;
  private long base;

  /** Where the segment ended, once it has; the number is written first. */
  private volatile long endSequence;

  private volatile long endOffset = -1;

  /**
   * A spare.
   *
   * @param memory the whole file, zeros
   */
  MappedSegment(Disk disk, SegmentName name, MappedByteBuffer memory) {
    this.disk = disk;
    this.memory = memory;
    this.capacity = memory.capacity();
    prepare(name);
  }

  /** All of it that need not wait until a caller rolls. */
  private void prepare(SegmentName forName) {
    name = forName;
    seed = forName.seed();
    header = new SegmentHeader(forName, 0, System.currentTimeMillis()).encode().array();
  }

  @Override
  public SegmentName name() {
    return name;
  }

  @Override
  public long capacity() {
    return capacity;
  }

  @Override
  public void activate(long base) {
    this.base = base;
    SegmentHeader.rebase(header, base);
    memory.put(0, header);
    claims.set(SegmentHeader.BYTES);
  }

  @Override
  public void touch(long from, long to) {
    ByteBuffer pages = memory;
    if (pages == null) {
      return;
    }
    long end = Math.min(to, capacity);
    for (long at = from - from % PAGE; at < end; at += PAGE) {
      boolean unused = LENGTH.compareAndSet(pages, (int) at, 0, 0);
    }
  }

  @Override
  public long append(RecordKind kind, byte[] payload) {
    int length = RecordFormat.HEADER + payload.length;
    long claim = claim(length, 1);
    if (claim == FULL) {
      return FULL;
    }
    int offset = (int) (claim & OFFSET_MASK);
    if (!mark(offset, length)) {
      return Spool.REFUSED;
    }
    return commit(offset, length, base + (claim >>> OFFSET_BITS), kind, 1, payload);
  }

  @Override
  public long appendGap(int span, LongFunction<byte[]> payload) {
    int length = RecordFormat.HEADER + payload.apply(Spool.HIGHEST_SEQUENCE).length;
    long claim = claim(length, span);
    if (claim == FULL) {
      return FULL;
    }
    int offset = (int) (claim & OFFSET_MASK);
    if (!mark(offset, length)) {
      return Spool.REFUSED;
    }
    long sequence = base + (claim >>> OFFSET_BITS) + span - 1;
    return commit(offset, length, sequence, RecordKind.CONTROL, span, payload.apply(sequence));
  }

  @Override
  public long appendLast(RecordKind kind, byte[] payload) {
    int length = RecordFormat.HEADER + payload.length;
    int size = RecordFormat.aligned(length);
    long claim = claims.getAndAdd((1L << OFFSET_BITS) + size + capacity);
    long offset = claim & OFFSET_MASK;
    if (offset + size > capacity) {
      endHere(claim);
      return FULL;
    }
    long sequence = base + (claim >>> OFFSET_BITS);
    end(sequence + 1, offset + size);
    return mark((int) offset, length)
        ? commit((int) offset, length, sequence, kind, 1, payload)
        : Spool.REFUSED;
  }

  private long claim(int length, int span) {
    if (endOffset >= 0) {
      return FULL;
    }
    int size = RecordFormat.aligned(length);
    long claim = claims.getAndAdd(((long) span << OFFSET_BITS) + size);
    if ((claim & OFFSET_MASK) + size <= capacity) {
      return claim;
    }
    endHere(claim);
    return FULL;
  }

  /** The first claim that does not fit says where the segment ends; the others come too late. */
  private void endHere(long claim) {
    if ((claim & OFFSET_MASK) <= capacity && endOffset < 0) {
      end(base + (claim >>> OFFSET_BITS), claim & OFFSET_MASK);
    }
  }

  private void end(long sequence, long offset) {
    endSequence = sequence;
    endOffset = offset;
  }

  private boolean mark(int offset, int length) {
    return LENGTH.compareAndSet((ByteBuffer) memory, offset, 0, -length);
  }

  private long commit(
      int offset, int length, long sequence, RecordKind kind, int span, byte[] payload) {
    ByteBuffer records = memory;
    records.put(offset + RecordFormat.HEADER, payload);
    records.putLong(offset + RecordFormat.SEQUENCE_AT, sequence);
    records.putLong(offset + RecordFormat.TIME_AT, System.currentTimeMillis() * 1000);
    records.putLong(
        offset + RecordFormat.KIND_AT, RecordFormat.shape(kind.code(), span, payload.length));
    CRC32C crc = new CRC32C();
    crc.update(records.slice(offset + RecordFormat.SEQUENCE_AT, length - RecordFormat.SEQUENCE_AT));
    records.putInt(offset + RecordFormat.CRC_AT, (int) crc.getValue() ^ seed);
    return LENGTH.compareAndSet(records, offset, -length, length) ? sequence : Spool.REFUSED;
  }

  @Override
  public Optional<Long> end() {
    return endOffset < 0 ? Optional.empty() : Optional.of(endSequence);
  }

  @Override
  public long base() {
    return base;
  }

  @Override
  public long next() {
    long now = claims.get();
    return endOffset < 0 ? base + (now >>> OFFSET_BITS) : endSequence;
  }

  @Override
  public long used() {
    return Math.min(capacity, endOffset < 0 ? claims.get() & OFFSET_MASK : endOffset);
  }

  @Override
  public SegmentReader reader(long offset) throws IOException {
    long from = Math.max(offset, SegmentHeader.BYTES);
    ByteBuffer records = memory;
    return records == null
        ? new StoredReader(new FileBytes(path()), name, from, this::used, this::hasEnded)
        : new MappedReader(this, records, from);
  }

  /** How far records may stand; negative while that is being found out. */
  long limit() {
    if (endOffset >= 0) {
      return endOffset;
    }
    long claimed = claims.get() & OFFSET_MASK;
    return claimed <= capacity ? claimed : -1;
  }

  boolean hasEnded() {
    return endOffset >= 0;
  }

  static int lengthAt(ByteBuffer records, long offset) {
    return (int) LENGTH.getAcquire(records, (int) offset);
  }

  Optional<SpooledRecord> recordAt(ByteBuffer records, long offset, int length) {
    return Records.read(records.slice((int) offset, length), seed, name, offset);
  }

  /** Ends the claim at this place: what its thread may still do to it comes too late. */
  void closeClaim(ByteBuffer records, long offset, long limit) {
    int word = lengthAt(records, offset);
    if (word < 0) {
      boolean unused =
          LENGTH.compareAndSet(records, (int) offset, word, RecordFormat.closed(-word));
      return;
    }
    // Not even marked: how many claims there are is unknown, so each place a claim may begin at.
    long at = offset;
    while (at < limit
        && LENGTH.compareAndSet(records, (int) at, 0, RecordFormat.closed(Long.BYTES))) {
      at += Long.BYTES;
    }
  }

  /**
   * No thread writes once each claim before the end is committed: whoever comes later is told that
   * the segment has ended before it has come to the memory. Readers keep what they read from.
   */
  @Override
  public void release() {
    if (isComplete()) {
      memory = null;
    }
  }

  @Override
  public boolean isComplete() {
    ByteBuffer records = memory;
    return hasEnded() && (records == null || isWritten(records));
  }

  /** Whether each claim was finished by its own thread, which is done here. */
  private boolean isWritten(ByteBuffer records) {
    long at = SegmentHeader.BYTES;
    while (at < endOffset) {
      int word = lengthAt(records, at);
      if (word <= 0) {
        return false;
      }
      at += RecordFormat.aligned(word);
    }
    return true;
  }

  @Override
  public void force() throws IOException {
    MappedByteBuffer records = memory;
    if (records == null) {
      disk.force(path());
    } else {
      disk.force(records, used());
    }
  }

  /**
   * Not while a thread may still be writing into it whose claim was closed, or shed before the
   * thread came to finish it.
   */
  @Override
  public boolean recycle(SegmentName newName) throws IOException {
    ByteBuffer records = memory;
    if (records == null || !isWritten(records)) {
      return false;
    }
    byte[] zeros = new byte[PAGE];
    long used = used();
    for (int at = 0; at < used; at += PAGE) {
      records.put(at, zeros, 0, Math.min(PAGE, capacity - at));
    }
    disk.rename(name.in(disk.folder()), newName.in(disk.folder()));
    prepare(newName);
    claims.set(OFFSET_MASK >>> 1);
    endOffset = -1;
    return true;
  }

  /** A file that is shorter than its memory is a fault in the thread that writes there. */
  @Override
  public void discard() throws IOException {
    ByteBuffer records = memory;
    if (records == null || isWritten(records)) {
      disk.discard(path());
    } else {
      disk.unlink(path());
    }
  }

  Path path() {
    return name.in(disk.folder());
  }

  @Override
  public void close() {
    // the mapping goes with the last reference to it
  }
}
