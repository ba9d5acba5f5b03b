package dev.bitacora.agent.spool;

import java.io.IOException;
import java.util.Optional;

/** Goes through one segment's committed records, in order. One thread's. */
interface SegmentReader extends AutoCloseable {
  /**
   * The next record whose numbers begin at {@code expected} or later; empty when there is none yet,
   * or no more.
   */
  Optional<SpooledRecord> next(long expected) throws IOException;

  /** True when no record can follow. */
  boolean isAtEnd() throws IOException;

  @Override
  void close();
}
