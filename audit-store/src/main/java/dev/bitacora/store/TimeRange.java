package dev.bitacora.store;

import java.time.Instant;

/** From a moment, inclusive, to another, exclusive. */
public record TimeRange(Instant from, Instant to) {
  /** All that can be stored. */
  public static final TimeRange ALL =
      new TimeRange(dev.bitacora.core.event.EventTime.MIN, dev.bitacora.core.event.EventTime.MAX);

  public TimeRange {
    if (to.isBefore(from)) {
      throw new IllegalArgumentException("time range: " + from + " is after " + to);
    }
  }

  /** Whether this moment is in it. */
  public boolean contains(Instant time) {
    return !time.isBefore(from) && time.isBefore(to);
  }
}
