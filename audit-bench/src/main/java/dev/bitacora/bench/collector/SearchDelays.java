package dev.bitacora.bench.collector;

import dev.bitacora.agent.AuditLog;
import dev.bitacora.bench.Figures;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.query.Query;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Selection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * How long it takes from the moment a component records an event until a search finds it. The store
 * is asked again and again how many are found: the n-th that was recorded has been found when there
 * are n, which is exact while events are found in order, and on average otherwise. One thread's.
 */
final class SearchDelays {
  private static final int LOW_RATE = 1_000;
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration DURATION = Duration.ofSeconds(20);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

  private final String store;
  private final double limitMillis;
  private final Map<String, Histogram> measured = new LinkedHashMap<>();

  /**
   * Measures nothing yet.
   *
   * @param limitMillis what is promised of the 99th percentile
   */
  SearchDelays(String store, double limitMillis) {
    this.store = store;
    this.limitMillis = limitMillis;
  }

  /** Measures at 1,000 events a second, and at another rate. */
  void measure(AuditLog audit, AuditStore searched, double half) {
    System.out.println("From recorded to found, " + store + ": p50 / p99 / most, milliseconds");
    measure("1000-per-second", audit, searched, LOW_RATE);
    measure("half-of-maximum", audit, searched, (int) half);
    System.out.println();
  }

  private void measure(String name, AuditLog audit, AuditStore searched, int perSecond) {
    System.err.println("measuring: " + store + ", " + perSecond + " events a second");
    Histogram unused = run(audit, searched, perSecond, WARM_UP);
    Histogram delays = run(audit, searched, perSecond, DURATION);
    measured.put(name, delays);
    System.out.println(
        String.format(
            Locale.ROOT,
            "%-20s %,7d a second: %7.0f / %.0f / %.0f",
            name,
            perSecond,
            delays.getValueAtPercentile(50) / 1e6,
            delays.getValueAtPercentile(99) / 1e6,
            delays.getMaxValue() / 1e6));
  }

  /** Nanoseconds. */
  private static Histogram run(
      AuditLog audit, AuditStore searched, int perSecond, Duration duration) {
    int count = (int) (perSecond * duration.toSeconds());
    String action = "bench.run" + System.nanoTime();
    long[] recordedAt = new long[count];
    AtomicInteger recorded = new AtomicInteger();
    Thread recorder =
        new Thread(() -> record(audit, action, perSecond, recordedAt, recorded), "recorder");
    recorder.start();
    Selection mine = Selection.of(new Query.Match(FieldName.of("event.action"), action));
    Histogram delays = new Histogram(LIMIT.toNanos() * 2, 3);
    long deadline = System.nanoTime() + duration.plus(LIMIT).toNanos();
    int seen = 0;
    while (seen < count) {
      int found = (int) searched.count(mine);
      long now = System.nanoTime();
      if (found > recorded.get()) {
        throw new IllegalStateException("more events are found than were recorded: " + found);
      }
      for (; seen < found; seen++) {
        delays.recordValue(Math.min(now - recordedAt[seen], LIMIT.toNanos()));
      }
      if (now > deadline) {
        throw new IllegalStateException(
            "only "
                + seen
                + " of "
                + count
                + " events were found after "
                + LIMIT.toSeconds()
                + " s");
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
    return delays;
  }

  /** In small groups, because a sleep takes longer than the time between two events. */
  private static void record(
      AuditLog audit, String action, int perSecond, long[] recordedAt, AtomicInteger recorded) {
    long start = System.nanoTime();
    for (int i = 0; i < recordedAt.length; ) {
      long due = (System.nanoTime() - start) * perSecond / TimeUnit.SECONDS.toNanos(1);
      for (; i < Math.min(due, recordedAt.length); i++) {
        recordedAt[i] = System.nanoTime();
        recorded.set(i + 1);
        if (!record(audit, action, i)) {
          return; // refused: what is missing ends the wait
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private static boolean record(AuditLog audit, String action, int number) {
    return audit
        .event(action)
        .target("invoice", "I-" + number)
        .change("status", "pending", "approved")
        .success()
        .record()
        .isAccepted();
  }

  /** Compares with what is promised. */
  void judge(Figures figures) {
    measured.forEach(
        (name, delays) ->
            figures.atMost(
                store + "-to-searchable-p99-ms-" + name,
                delays.getValueAtPercentile(99) / 1e6,
                limitMillis));
  }
}
