package dev.bitacora.store;

import java.time.Duration;

/** How long each family is kept. */
public record Retention(Duration events, Duration logs) {
  /** 400 days of events, 30 days of log lines. */
  public static final Retention DEFAULT = new Retention(Duration.ofDays(400), Duration.ofDays(30));

  public Retention {
    if (events.compareTo(Duration.ofDays(1)) < 0 || logs.compareTo(Duration.ofDays(1)) < 0) {
      throw new IllegalArgumentException("retention: expected at least one day");
    }
  }

  public Duration of(Family family) {
    return family == Family.LOGS ? logs : events;
  }
}
