package dev.bitacora.collector.alarm;

/** How bad an alarm is; in lower case the value of its {@code severity} label. */
public enum Severity {
  /** Something is lost, or will be unless somebody acts now. */
  CRITICAL,
  /** Something is not as it should be. */
  WARNING
}
