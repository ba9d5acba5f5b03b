package dev.bitacora.viewer.page;

import dev.bitacora.store.StoredEvent;
import java.util.Optional;

/**
 * One event in a list: a sentence, and beneath it who, what, and to which thing.
 *
 * @param href the event's own page
 * @param isLog true for an application's log line
 */
public record Row(
    String href,
    String time,
    String isoTime,
    boolean hasOddTime,
    Mark mark,
    Visible sentence,
    Visible action,
    Visible actor,
    Optional<Visible> target,
    Visible service,
    Visible environment,
    Optional<Visible> address,
    Optional<String> trace,
    boolean isLog,
    boolean isThis) {
  private static final int SENTENCE = 300;
  private static final int DETAIL = 80;

  static Row of(StoredEvent stored, Clockface clock, Links links, String thisDocument) {
    Reading event = Reading.of(stored);
    boolean isLog = event.text("event.dataset", "").equals("log");
    return new Row(
        links.event(stored.eventId()),
        clock.millisecond(stored.time()),
        Clockface.iso(stored.time()),
        !stored.plausibleTime(),
        Mark.of(event),
        Visible.beginning(event.text("message", "(no message)"), SENTENCE),
        detail(isLog ? event.text("log.logger", "log") : event.text("event.action", "?")),
        detail(event.text("user.name").or(() -> event.text("user.id")).orElse("?")),
        target(event),
        detail(event.text("service.name", "?")),
        detail(event.text("service.environment", "?")),
        event.text("client.ip").map(Row::detail),
        event.text("trace.id").map(links::trace),
        isLog,
        stored.documentId().equals(thisDocument));
  }

  private static Optional<Visible> target(Reading event) {
    String type = event.text("audit.target.type").map(t -> t + " ").orElse("");
    return event
        .text("audit.target.name")
        .or(() -> event.text("audit.target.id"))
        .map(name -> detail(type + name));
  }

  private static Visible detail(String text) {
    return Visible.beginning(text, DETAIL);
  }
}
