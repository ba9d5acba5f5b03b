package dev.bitacora.viewer.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows guessing down: after a few failures, each next try waits twice as long, up to fifteen
 * minutes; a success or an hour of peace forgets them. Keeps the last 10,000 names and addresses.
 */
final class LoginLimiter {
  private static final int KEPT = 10_000;
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final Duration FORGOTTEN = Duration.ofHours(1);

  private final Clock clock;
  private final int free;

  private final Map<String, Failures> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > KEPT;
        }
      };

  private record Failures(int count, Instant last) {}

  /**
   * @param free failures that cost nothing
   */
  LoginLimiter(Clock clock, int free) {
    this.clock = clock;
    this.free = free;
  }

  /** How long this name or address has to wait; zero when it may try. */
  synchronized Duration mustWait(String key) {
    Failures known = failures.get(key);
    if (known == null || known.count() < free) {
      return Duration.ZERO;
    }
    int doublings = Math.min(known.count() - free, 10);
    Duration pause = Duration.ofSeconds(1L << doublings);
    Instant end = known.last().plus(pause.compareTo(LONGEST) > 0 ? LONGEST : pause);
    Duration left = Duration.between(clock.instant(), end);
    return left.isNegative() ? Duration.ZERO : left;
  }

  synchronized void failed(String key) {
    Instant now = clock.instant();
    Failures known = failures.get(key);
    boolean recent = known != null && known.last().plus(FORGOTTEN).isAfter(now);
    failures.put(key, new Failures(recent ? known.count() + 1 : 1, now));
  }

  synchronized void succeeded(String key) {
    failures.remove(key);
  }
}
