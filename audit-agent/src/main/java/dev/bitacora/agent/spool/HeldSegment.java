package dev.bitacora.agent.spool;

import java.io.IOException;

/** A segment whose records are not all delivered yet: this process's own, or an earlier one's. */
interface HeldSegment extends AutoCloseable {
  SegmentName name();

  /** Bytes taken so far. */
  long used();

  /** Reads it from this offset on, while it is being written or later. */
  SegmentReader reader(long offset) throws IOException;

  @Override
  void close();
}
