package dev.bitacora.collector.alarm;

import java.util.Locale;

/** How bad an alarm is; in lower case the value of its {@code severity} label. */
public enum Severity {
  /** Something is lost, or will be unless somebody acts now. */
  CRITICAL,
  /** Something is not as it should be. */
  WARNING;

  /** {@code critical}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
