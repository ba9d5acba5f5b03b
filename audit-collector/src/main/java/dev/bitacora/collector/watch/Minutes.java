package dev.bitacora.collector.watch;

/**
 * What one component did in each of the last {@link #KEPT} minutes of append time. Guarded by
 * itself.
 */
final class Minutes {
  /** As many minutes as anybody looks back, and some for clocks that differ. */
  static final int KEPT = 80;

  /** Long before every minute, and far enough from the least number to calculate with. */
  static final long NEVER = Long.MIN_VALUE / 2;

  private final Minute[] ring = new Minute[KEPT];
  private long newest = NEVER;

  /** Counts of one minute, or of several together. */
  static final class Minute {
    private final long number;
    private int events;
    private int judged;
    private int failures;
    private int answers;
    private int serverErrors;

    private Minute(long number) {
      this.number = number;
    }

    int events() {
      return events;
    }

    /** Of those events whose outcome is known, how many failed. */
    Share failures() {
      return new Share(failures, judged);
    }

    /** Of those events that answered a request, how many answered 5xx. */
    Share serverErrors() {
      return new Share(serverErrors, answers);
    }

    private void add(Minute other) {
      events += other.events;
      judged += other.judged;
      failures += other.failures;
      answers += other.answers;
      serverErrors += other.serverErrors;
    }
  }

  /** How many of how many. */
  record Share(int bad, int of) {
    double value() {
      return of == 0 ? 0 : (double) bad / of;
    }
  }

  /** One event. One that is older than what is kept counts nowhere. */
  synchronized void count(long minute, boolean judged, boolean failed, int status) {
    if (minute <= newest - KEPT) {
      return;
    }
    newest = Math.max(newest, minute);
    Minute counts = at(minute);
    counts.events++;
    counts.judged += judged ? 1 : 0;
    counts.failures += failed ? 1 : 0;
    counts.answers += status > 0 ? 1 : 0;
    counts.serverErrors += status >= 500 ? 1 : 0;
  }

  private Minute at(long minute) {
    int slot = (int) Math.floorMod(minute, (long) KEPT);
    if (ring[slot] == null || ring[slot].number != minute) {
      ring[slot] = new Minute(minute);
    }
    return ring[slot];
  }

  /** All minutes from {@code first} to {@code last} together. */
  synchronized Minute sum(long first, long last) {
    Minute sum = new Minute(last);
    for (Minute minute : ring) {
      if (minute != null && minute.number >= first && minute.number <= last) {
        sum.add(minute);
      }
    }
    return sum;
  }

  /** In how many minutes from {@code first} to {@code last} there was anything. */
  synchronized int busy(long first, long last) {
    int busy = 0;
    for (Minute minute : ring) {
      if (minute != null && minute.number >= first && minute.number <= last) {
        busy++;
      }
    }
    return busy;
  }

  /** The last minute with anything in it, or {@link #NEVER}. */
  synchronized long newest() {
    return newest;
  }
}
