package dev.bitacora.agent.spool;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Reads a segment's file. A place that holds no valid record is stepped over, eight bytes at a
 * time: a thread may have died there, or the disk may have lost it, and what comes behind is good.
 * A payload cannot pass for a record, because JSON has no zero bytes.
 */
final class StoredReader implements SegmentReader {
  private final FileBytes bytes;
  private final SegmentName name;
  private final int seed;
  private final LongSupplier limit;
  private final BooleanSupplier complete;
  private long offset;
  private long lastEnd;

  /** A file that nobody writes any more. */
  static StoredReader of(FileBytes bytes, SegmentName name, long offset) throws IOException {
    long size = bytes.size();
    return new StoredReader(bytes, name, offset, () -> size, () -> true);
  }

  /**
   * A file that may still grow.
   *
   * @param limit how far it is written
   * @param complete true when it will not grow any more
   */
  StoredReader(
      FileBytes bytes,
      SegmentName name,
      long offset,
      LongSupplier limit,
      BooleanSupplier complete) {
    this.bytes = bytes;
    this.name = name;
    this.seed = name.seed();
    this.offset = offset;
    this.limit = limit;
    this.complete = complete;
  }

  @Override
  public Optional<SpooledRecord> next(long expected) throws IOException {
    long end = limit.getAsLong();
    if (end > lastEnd) {
      bytes.refresh();
      lastEnd = end;
    }
    while (offset + RecordFormat.HEADER <= end) {
      Optional<SpooledRecord> record = at(offset, expected, end);
      if (record.isPresent()) {
        offset = record.get().end();
        return record;
      }
      offset += Long.BYTES;
    }
    return Optional.empty();
  }

  @Override
  public boolean isAtEnd() {
    return complete.getAsBoolean() && offset + RecordFormat.HEADER > limit.getAsLong();
  }

  private Optional<SpooledRecord> at(long offset, long expected, long end) throws IOException {
    int length = bytes.lengthAt(offset);
    boolean isPlausible =
        length >= RecordFormat.HEADER
            && length <= RecordFormat.MAX_LENGTH
            && offset + length <= end;
    return isPlausible
        ? Records.read(bytes.view(offset, length), seed, name, offset)
            .filter(record -> record.first() >= expected)
        : Optional.empty();
  }

  @Override
  public void close() {
    bytes.close();
  }
}
