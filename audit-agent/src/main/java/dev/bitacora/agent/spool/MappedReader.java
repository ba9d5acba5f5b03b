package dev.bitacora.agent.spool;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads a segment while it is written. It waits for a claim that is not finished, for five seconds;
 * then the thread that made it is taken for dead and the claim is closed.
 */
final class MappedReader implements SegmentReader {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** A process that was stopped meanwhile has waited without looking. */
  private static final int LEAST_LOOKS = 50;

  private final MappedSegment segment;
  private final ByteBuffer records;
  private long offset;
  private long unfinished = -1;
  private long unfinishedSince;
  private int looks;

  MappedReader(MappedSegment segment, ByteBuffer records, long offset) {
    this.segment = segment;
    this.records = records;
    this.offset = offset;
  }

  @Override
  public Optional<SpooledRecord> next(long expected) {
    long limit = segment.limit();
    while (offset < limit) {
      int word = MappedSegment.lengthAt(records, offset);
      if (word > 0) {
        Optional<SpooledRecord> record = segment.recordAt(records, offset, word);
        offset += RecordFormat.aligned(word);
        if (record.isPresent()) {
          return record;
        }
      } else if (RecordFormat.isClosed(word)) {
        offset += RecordFormat.aligned(RecordFormat.lengthOfUnfinished(word));
      } else if (!isAbandoned()) {
        return Optional.empty();
      } else {
        segment.closeClaim(records, offset, limit);
      }
    }
    return Optional.empty();
  }

  private boolean isAbandoned() {
    if (unfinished != offset) {
      unfinished = offset;
      unfinishedSince = System.nanoTime();
      looks = 0;
    }
    looks++;
    return looks > LEAST_LOOKS && System.nanoTime() - unfinishedSince > PATIENCE_NANOS;
  }

  @Override
  public boolean isAtEnd() {
    return segment.hasEnded() && offset >= segment.limit();
  }

  @Override
  public void close() {
    // the segment is the spool's
  }
}
