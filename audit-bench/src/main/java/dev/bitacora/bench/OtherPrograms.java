package dev.bitacora.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many processors programs that have nothing to do with the benchmark took while something was
 * measured, so that such rounds are recognized. One thread's own.
 */
public final class OtherPrograms {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private long began;
  private long ownNanos;

  /** Begins anew. */
  public void watch() {
    // Each answer is about the time since the last one.
    double sinceLastAsked = SYSTEM.getCpuLoad();
    began = System.nanoTime();
    ownNanos = Rest.used();
    if (sinceLastAsked < 0) {
      throw new IllegalStateException("this system does not say how busy its processors are");
    }
  }

  /** Processors taken since {@link #watch}; a little more or less than the truth. */
  public double processors() {
    double all = SYSTEM.getCpuLoad() * SYSTEM.getAvailableProcessors();
    double own = (double) (Rest.used() - ownNanos) / (System.nanoTime() - began);
    return Math.max(0, all - own);
  }
}
