package dev.bitacora.bench;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Waits until what was measured before, such as a store's merging, has come to rest, so that it
 * does not take the processors from whoever is measured next. It looks at the processor time of
 * this process and its children, which is the same look for every store. One thread's own.
 */
public final class Rest {
  private static final Duration WINDOW = Duration.ofMillis(250);

  /** An idle node's housekeeping stays below; the smallest merge is above. */
  private static final double CALM_PROCESSORS = 0.2;

  private final LongSupplier processorNanos;
  private final LongSupplier clockNanos;
  private final Runnable window;

  /** Looks at this process and its children. */
  public Rest() {
    this(Rest::used, System::nanoTime, Rest::sleep);
  }

  /**
   * @param processorNanos the processor time used so far
   * @param window passes the time between two looks
   */
  Rest(LongSupplier processorNanos, LongSupplier clockNanos, Runnable window) {
    this.processorNanos = processorNanos;
    this.clockNanos = clockNanos;
    this.window = window;
  }

  /** How long it took to come to rest; the limit when it did not. */
  public Duration await(Duration limit) {
    long begun = clockNanos.getAsLong();
    while (true) {
      long from = clockNanos.getAsLong();
      if (from - begun >= limit.toNanos()) {
        return limit;
      }
      if (isCalm(from)) {
        return Duration.ofNanos(from - begun);
      }
    }
  }

  private boolean isCalm(long from) {
    long before = processorNanos.getAsLong();
    window.run();
    long used = processorNanos.getAsLong() - before;
    return used < CALM_PROCESSORS * (clockNanos.getAsLong() - from);
  }

  /** Of this process and its children, since they began. */
  static long used() {
    long children =
        ProcessHandle.current()
            .descendants()
            .map(child -> child.info().totalCpuDuration())
            .flatMap(Optional::stream)
            .mapToLong(Duration::toNanos)
            .sum();
    return children + own();
  }

  private static long own() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void sleep() {
    try {
      Thread.sleep(WINDOW.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
