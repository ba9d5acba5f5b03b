package dev.bitacora.store;

import dev.bitacora.core.event.AuditEvent;
import java.time.Duration;
import java.time.Instant;

/**
 * Where an event goes: the index of its own time, so that a redelivery meets its twin. A time
 * outside [append − retention, append + 1 day] is implausible: such an event goes to an index of
 * its own, where its append time stands for its time in ranges, order and histograms, because a
 * wrong clock must not cost an event.
 *
 * @param time what {@code @timestamp} is in the document: the event's own time, or the append time
 */
public record Placement(String index, Instant time, boolean plausible) {
  /** The index of events with implausible times, whatever their dataset. */
  public static final String UNPLACED = "audit-events-unplaced";

  /** {@code audit.time_status} of such events. */
  public static final String IMPLAUSIBLE = "implausible";

  private static final Duration AHEAD = Duration.ofDays(1);

  static Placement of(AuditEvent event, Instant ingested, Retention retention) {
    Family family = Family.of(event.dataset());
    Instant time = event.timestamp();
    boolean plausible =
        !time.isBefore(ingested.minus(retention.of(family))) && !time.isAfter(ingested.plus(AHEAD));
    return plausible
        ? new Placement(family.indexAt(time), time, true)
        : new Placement(UNPLACED, ingested, false);
  }
}
