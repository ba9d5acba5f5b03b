package dev.bitacora.bench.agent.calls;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.HdrHistogram.Histogram;

/**
 * Calls something at a fixed rate and measures each call from the moment it was due, so that a call
 * that had to wait for a slow one counts with its waiting (no coordinated omission). Immutable.
 *
 * <p>Time is divided into intervals, and in each a call is due at a random moment. Clocks of the
 * kernel and of a virtual machine's host tick at whole multiples of such intervals: calls that were
 * due at equal distances would all wait for a tick in one run and none of them in the next.
 *
 * <p>Between calls a thread spins where it has a processor for itself, because a sleeping thread
 * would measure its waking. Where it has none, spinning would take the processors from what is
 * measured: it sleeps, and what was due while it slept is measured from when it awoke. What is due
 * behind a slow call is measured from the moment it was due all the same.
 */
final class Pace {
  /** Longer ones count as this long. */
  static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final long intervalNanos;
  private final boolean isLateByItself;
  private final LongUnaryOperator moment;
  private final LongSupplier clock;
  private final LongConsumer wait;

  /**
   * Of a clock that tests can move.
   *
   * @param isLateByItself whether waiting may take longer than asked for
   * @param moment when a call is due in an interval of so many nanoseconds, from its beginning
   * @param wait returns when the clock shows this
   */
  Pace(
      Duration interval,
      boolean isLateByItself,
      LongUnaryOperator moment,
      LongSupplier clock,
      LongConsumer wait) {
    this.intervalNanos = interval.toNanos();
    this.isLateByItself = isLateByItself;
    this.moment = moment;
    this.clock = clock;
    this.wait = wait;
  }

  /** For a thread that has a processor for itself. */
  static Pace spinning(Duration interval) {
    return new Pace(interval, false, Pace::random, System::nanoTime, Pace::spin);
  }

  /** For a thread that shares its processor. */
  static Pace sleeping(Duration interval) {
    return new Pace(interval, true, Pace::random, System::nanoTime, Pace::sleep);
  }

  /**
   * What calls took, in nanoseconds.
   *
   * @param latencies from the moment each was due
   * @param durations from the moment each began: without what kept its thread from beginning
   */
  record Times(Histogram latencies, Histogram durations) {
    Times() {
      this(new Histogram(LONGEST_NANOS, 3), new Histogram(LONGEST_NANOS, 3));
    }

    void add(Times others) {
      latencies.add(others.latencies);
      durations.add(others.durations);
    }
  }

  /**
   * Makes all calls that are due in a time. When it is over before all are made, because one does
   * not return, the rest counts with what it has waited until then.
   *
   * @param start of the first interval, by the clock
   * @param leadIn the time before that, in which calls are made, too, and do not count
   * @param isOver whether to give up
   */
  void run(
      long start,
      Duration leadIn,
      Duration duration,
      Runnable call,
      BooleanSupplier isOver,
      Times times) {
    long end = start + duration.toNanos();
    long first = start - leadIn.toNanos();
    long awoke = first;
    for (long from = first; from < end; from += intervalNanos) {
      long due = from + moment.applyAsLong(intervalNanos);
      boolean counts = from >= start;
      if (isOver.getAsBoolean()) {
        if (counts) {
          record(times.latencies(), clock.getAsLong() - Math.max(due, awoke));
        }
        continue;
      }
      awoke = await(due, awoke);
      long began = clock.getAsLong();
      call.run();
      long ended = clock.getAsLong();
      if (counts) {
        record(times.latencies(), ended - Math.max(due, awoke));
        record(times.durations(), ended - began);
      }
    }
  }

  /** Each moment of an interval is as likely as another. */
  static long random(long interval) {
    return ThreadLocalRandom.current().nextLong(interval);
  }

  private static void record(Histogram histogram, long nanos) {
    histogram.recordValue(Math.max(0, Math.min(LONGEST_NANOS, nanos)));
  }

  /** When the thread last awoke late through no fault of the calls. */
  private long await(long due, long awokeBefore) {
    if (clock.getAsLong() >= due) {
      return awokeBefore;
    }
    wait.accept(due);
    return isLateByItself ? clock.getAsLong() : awokeBefore;
  }

  private static void spin(long until) {
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  private static void sleep(long until) {
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }
}
