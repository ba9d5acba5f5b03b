package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import java.time.Instant;

/** Writes the records that account for numbers whose own records are missing. */
public interface GapRecords {
  /**
   * {@code agent.dropped}: records that were refused.
   *
   * @param reason of the first refusal
   */
  byte[] dropped(
      StreamId stream, long first, long last, Instant firstTime, Instant lastTime, String reason);

  /** {@code agent.lost}: numbers claimed by threads that died before they had finished. */
  byte[] lost(StreamId stream, long first, long last);
}
