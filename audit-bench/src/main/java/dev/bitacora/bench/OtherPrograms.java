package dev.bitacora.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many processors programs that have nothing to do with the benchmark took while something was
 * measured, on this machine or beside it on its host, so that such rounds are recognized. One
 * thread's own.
 */
public final class OtherPrograms {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** Time of all processors by what it went to, on Linux: see proc_stat(5). */
  private static final Path PROCESSOR_TIMES = Path.of("/proc/stat");

  private static final int STOLEN_COLUMN = 8;
  private static final double TICKS_A_SECOND = 100;
  private static final double NANOS_A_SECOND = 1e9;

  private long began;
  private long stolenTicks;
  private long ownNanos;

  /** Begins anew. */
  public void watch() {
    // Each answer is about the time since the last one.
    double sinceLastAsked = SYSTEM.getCpuLoad();
    began = System.nanoTime();
    ownNanos = Rest.used();
    stolenTicks = stolen();
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

  /**
   * Processors that a virtual machine's host kept from it since {@link #watch}, in steps of a
   * hundredth of a second; 0 where the system does not say.
   */
  public double stolenProcessors() {
    double seconds = (System.nanoTime() - began) / NANOS_A_SECOND;
    return (stolen() - stolenTicks) / TICKS_A_SECOND / seconds;
  }

  private static long stolen() {
    if (!Files.exists(PROCESSOR_TIMES)) {
      return 0;
    }
    try (var lines = Files.lines(PROCESSOR_TIMES)) {
      return Long.parseLong(lines.findFirst().orElseThrow().split(" +", -1)[STOLEN_COLUMN]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
