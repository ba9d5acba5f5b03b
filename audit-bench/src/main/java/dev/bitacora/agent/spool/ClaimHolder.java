package dev.bitacora.agent.spool;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes a thread dwell between claiming its place in the audit lane and committing the record
 * there: the moment in which a thread that is killed leaves a hole. On other threads this happens
 * by chance, and rarely, because the moment is short. Nothing in the spool is touched that was
 * accepted.
 */
public final class ClaimHolder {
  private ClaimHolder() {}

  /**
   * Appends a record, dwelling between claim and commit on the calling thread.
   *
   * @return its number, or {@link Spool#REFUSED} when the claim was closed meanwhile
   * @throws IllegalStateException if this spool has no claims because each append is one write
   */
  public static long append(DiskSpool spool, byte[] payload, Duration dwelling) {
    while (true) {
      long sequence =
          mapped(spool)
              .appendGap(
                  1,
                  number -> {
                    if (number
                        != Spool.HIGHEST_SEQUENCE) { // with that one only the length is asked
                      dwell(dwelling);
                    }
                    return payload;
                  });
      if (sequence != Segment.FULL) {
        return sequence;
      }
      LockSupport.parkNanos(100_000); // the recording threads roll to the next segment
    }
  }

  private static MappedSegment mapped(DiskSpool spool) {
    Object active = Inside.of(spool, "active");
    if (active instanceof MappedSegment segment) {
      return segment;
    }
    throw new IllegalStateException("the spool is not mapped, so no thread can leave a hole in it");
  }

  private static void dwell(Duration duration) {
    long until = System.nanoTime() + duration.toNanos();
    while (until - System.nanoTime() > 0) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }
}
