package dev.bitacora.collector.index;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt: 100 ms doubled up to 30 s, with full jitter. */
public final class Backoff {
  private static final long FIRST_MILLIS = 100;
  private static final long MAX_MILLIS = 30_000;
  private static final int MAX_DOUBLINGS = 9;

  private Backoff() {}

  /**
   * A random delay between nothing and the limit of this attempt.
   *
   * @param failures attempts that failed so far, at least 1
   */
  public static Duration after(int failures) {
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(limitMillis(failures) + 1));
  }

  static long limitMillis(int failures) {
    int doublings = Math.min(Math.max(failures, 1) - 1, MAX_DOUBLINGS);
    return Math.min(FIRST_MILLIS << doublings, MAX_MILLIS);
  }
}
