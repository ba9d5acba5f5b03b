package dev.bitacora.collector.watch;

import dev.bitacora.collector.watch.Minutes.Share;

/**
 * Whether a share has risen above what it was before: to three times as much, or, where it was high
 * already, half of the way to everything; in any case above a floor, and often enough to be no
 * accident. It is over when it has come back half of the way.
 *
 * @param floor a lower share is never a rise
 * @param fewest bad ones, fewer are never a rise
 */
record Rise(double floor, int fewest) {
  private static final double TIMES = 3;

  /** The past must have at least so many, or there is nothing to compare with. */
  private static final int FEWEST_BEFORE = 100;

  boolean begins(Share recent, Share past) {
    return past.of() >= FEWEST_BEFORE && recent.bad() >= fewest && recent.value() >= limit(past);
  }

  /** The share under which a rise from this past is over. */
  double endsUnder(Share past) {
    return (past.value() + limit(past)) / 2;
  }

  private double limit(Share past) {
    double before = past.value();
    return Math.max(floor, Math.min(TIMES * before, (1 + before) / 2));
  }
}
