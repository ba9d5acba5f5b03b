package dev.bitacora.bench.agent;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Calls something at a fixed rate and measures each call from the moment it was due, so that a call
 * that had to wait for a slow one counts with its waiting (no coordinated omission). It spins
 * between calls, because a sleeping thread would measure its waking.
 */
final class Pace {
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final long intervalNanos;

  Pace(int perSecond) {
    intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  Histogram run(Duration duration, Runnable call) {
    Histogram latencies = new Histogram(LONGEST_NANOS, 3);
    long start = System.nanoTime();
    long end = start + duration.toNanos();
    for (long due = start; due < end; due += intervalNanos) {
      while (System.nanoTime() < due) {
        Thread.onSpinWait();
      }
      call.run();
      latencies.recordValue(Math.min(LONGEST_NANOS, System.nanoTime() - due));
      if (System.nanoTime() - end > duration.toNanos()) {
        break; // a call that blocks must not make the run endless
      }
    }
    return latencies;
  }
}
