package dev.bitacora.store;

import dev.bitacora.core.event.Dataset;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A family of indices with a period and a retention of its own. */
public enum Family {
  /** Audit and control records, by month. */
  EVENTS("audit-events", DateTimeFormatter.ofPattern("uuuu.MM")),
  /** Log lines, by day. */
  LOGS("audit-logs", DateTimeFormatter.ofPattern("uuuu.MM.dd"));

  private final String prefix;
  private final DateTimeFormatter period;

  Family(String prefix, DateTimeFormatter period) {
    this.prefix = prefix;
    this.period = period.withZone(ZoneOffset.UTC);
  }

  public static Family of(Dataset dataset) {
    return dataset == Dataset.LOG ? LOGS : EVENTS;
  }

  /** The beginning of its indices' names, {@code audit-events}. */
  public String prefix() {
    return prefix;
  }

  /** The index that holds this moment, {@code audit-events-2026.11}. */
  public String indexAt(Instant time) {
    return prefix + "-" + period.format(time);
  }
}
