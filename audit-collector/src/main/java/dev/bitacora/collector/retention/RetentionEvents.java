package dev.bitacora.collector.retention;

import dev.bitacora.collector.intake.IntakeUnavailableException;
import dev.bitacora.collector.intake.Sender;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.EventClass;
import dev.bitacora.core.event.Outcome;
import dev.bitacora.store.TimeRange;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Retention's audit events. Each is made of what stands in the state and of nothing else, so that
 * whoever repeats it repeats the same bytes, which are kept once. Safe for any thread.
 */
final class RetentionEvents {
  static final String DELETE = "bitacora.retention.delete";
  static final String KEEP = "bitacora.retention.keep";
  static final String HOLD_CREATE = "bitacora.hold.create";
  static final String HOLD_RELEASE = "bitacora.hold.release";

  private static final String SYSTEM = "system";

  private final OwnEvents events;

  RetentionEvents(OwnEvents events) {
    this.events = events;
  }

  /**
   * @param outcome unknown when an attempt was cut short and nobody can tell any more whether it
   *     had deleted something
   */
  void deleted(Deletion deletion, Outcome outcome) throws IntakeUnavailableException {
    AuditEventBuilder event =
        event(DELETE, deletion.begun(), SYSTEM)
            .outcome(outcome)
            .set("event.category", List.of("database"))
            .set("event.type", List.of("deletion"))
            .target("index", deletion.part())
            .message(sentence(deletion, outcome))
            .detail("family", deletion.family().prefix())
            .detail("documents", deletion.documents())
            .detail("limit", deletion.expired().toString())
            .detail("retention_days", deletion.days())
            .detail("attempts", deletion.attempts());
    deletion
        .range()
        .ifPresent(
            range ->
                event.detail("from", range.from().toString()).detail("to", range.to().toString()));
    events.append(event.build(), "retention/" + deletion.id() + "/" + deletion.attempts());
  }

  private static String sentence(Deletion deletion, Outcome outcome) {
    String what =
        deletion
            .range()
            .map(range -> deletion.part() + " whole, " + span(range))
            .orElse("from " + deletion.part());
    return outcome == Outcome.SUCCESS
        ? String.format(
            Locale.ROOT,
            "Retention deleted %s: %,d events older than %d days",
            what,
            deletion.documents(),
            deletion.days())
        : "Retention began to delete "
            + what
            + " and was cut short; what is there now is kept by a hold, what was there before may"
            + " be gone";
  }

  /** The days that a period has, the last one included. */
  private static String span(TimeRange range) {
    String first = range.from().toString().substring(0, "2026-01-01".length());
    String last = range.to().minusNanos(1).toString().substring(0, "2026-01-01".length());
    return first.equals(last) ? first : first + " to " + last;
  }

  void kept(Kept kept) throws IntakeUnavailableException {
    AuditEventBuilder event =
        event(KEEP, kept.at(), SYSTEM)
            .outcome(Outcome.SUCCESS)
            .set("event.category", List.of("database"))
            .set("event.type", List.of("info"))
            .target("index", kept.part())
            .message(
                String.format(
                    Locale.ROOT,
                    "Retention keeps %s, which has expired: %,d events match hold %s (%s)",
                    kept.part(),
                    kept.matches(),
                    kept.hold(),
                    kept.reason()))
            .detail("hold", kept.hold())
            .detail("matches", kept.matches());
    events.append(event.build(), "retention/kept/" + kept.part() + "/" + kept.hold());
  }

  void holdPlaced(Hold hold) throws IntakeUnavailableException {
    AuditEventBuilder event =
        hold(HOLD_CREATE, hold, hold.since(), hold.by())
            .set("event.type", List.of("creation"))
            .message(hold.by() + " placed hold " + hold.id() + ": " + hold.reason())
            .detail("reason", hold.reason());
    events.append(event.build(), "hold/" + hold.id() + "/create");
  }

  void holdReleased(Hold hold) throws IntakeUnavailableException {
    Hold.Release release = hold.release().orElseThrow();
    String reason = release.reason().isBlank() ? "" : ": " + release.reason();
    AuditEventBuilder event =
        hold(HOLD_RELEASE, hold, release.at(), release.by())
            .set("event.type", List.of("deletion"))
            .message(release.by() + " released hold " + hold.id() + reason)
            .detail("reason", release.reason())
            .detail("placed_by", hold.by())
            .detail("placed_at", hold.since().toString())
            .detail("placed_reason", hold.reason());
    events.append(event.build(), "hold/" + hold.id() + "/release");
  }

  private static AuditEventBuilder hold(String action, Hold hold, Instant at, String by) {
    return event(action, at, by)
        .outcome(Outcome.SUCCESS)
        .set("event.category", List.of("configuration"))
        .target("hold", hold.id())
        .detail("query", hold.query());
  }

  private static AuditEventBuilder event(String action, Instant at, String actor) {
    return AuditEvent.builder(action)
        .at(at)
        .eventClass(EventClass.MANDATORY)
        .set("user.id", actor)
        .set("audit.actor.type", actor.equals(SYSTEM) ? "system" : "user")
        .set("service.name", Sender.COLLECTOR.component())
        .set("service.environment", "unknown");
  }
}
