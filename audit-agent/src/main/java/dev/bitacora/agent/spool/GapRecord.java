package dev.bitacora.agent.spool;

import java.time.Instant;

/** Writes the record that stands for numbers whose records were refused. */
@FunctionalInterface
public interface GapRecord {
  /**
   * The bytes of an {@code agent.dropped} record, which takes the range's last number.
   *
   * @param reason of the first refusal
   */
  byte[] write(long first, long last, Instant firstTime, Instant lastTime, String reason);
}
