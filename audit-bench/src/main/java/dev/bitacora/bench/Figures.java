package dev.bitacora.bench;

import java.util.Locale;

/** Promised figures, each told in a line of its own, and whether all of them hold. One thread's. */
public final class Figures {
  private boolean isMissed;

  /** A figure that must not be above its limit. */
  public void atMost(String name, double value, double limit) {
    tell(name, value, limit, value <= limit);
  }

  /** A figure that must not be below its limit. */
  public void atLeast(String name, double value, double limit) {
    tell(name, value, limit, value >= limit);
  }

  /** Something that must not happen even once. */
  public void never(String name, long count) {
    atMost(name, (double) count, 0);
  }

  private void tell(String name, double value, double limit, boolean isGood) {
    isMissed |= !isGood;
    System.out.println(
        String.format(
            Locale.ROOT,
            "figure=%s value=%.2f limit=%.2f %s",
            name,
            value,
            limit,
            isGood ? "ok" : "MISSED"));
  }

  /** For the program's exit: 1 when a figure is missed. */
  public int exitCode() {
    return isMissed ? 1 : 0;
  }
}
