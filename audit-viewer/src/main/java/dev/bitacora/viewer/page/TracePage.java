package dev.bitacora.viewer.page;

import dev.bitacora.store.StoredEvent;
import dev.bitacora.viewer.search.Found;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One request across components: every event and log line, in order. */
public record TracePage(
    Frame frame,
    Visible trace,
    String summary,
    List<Step> steps,
    List<String> services,
    List<String> gaps,
    Optional<String> more) {

  /** The width of the drawing of when a step happened. */
  public static final int WIDTH = 1000;

  /**
   * One event.
   *
   * @param offset since the first one
   * @param x of its bar
   * @param width of its bar
   * @param lane the number of its service, from 1
   */
  public record Step(Row row, String offset, Optional<String> took, int x, int width, int lane) {}

  public static TracePage of(Frame frame, String trace, Found found, ZoneId zone) {
    Clockface clock = new Clockface(zone);
    List<StoredEvent> events = found.events();
    Instant start =
        events.stream().map(TracePage::startOf).min(Instant::compareTo).orElse(Instant.EPOCH);
    Instant end =
        events.stream().map(StoredEvent::time).max(Instant::compareTo).orElse(Instant.EPOCH);
    Duration length = Duration.between(start, end);
    Set<String> services = new LinkedHashSet<>();
    events.forEach(event -> services.add(Reading.of(event).text("service.name", "?")));
    List<String> lanes = List.copyOf(services);
    List<Step> steps =
        events.stream()
            .map(event -> step(event, clock, frame.links(), start, length, lanes))
            .toList();
    return new TracePage(
        frame,
        Visible.of(trace),
        summary(found, services, start, length, clock),
        steps,
        lanes.stream().map(Visible::plain).toList(),
        found.completeness().gaps(),
        found
            .next()
            .map(
                next ->
                    "Only the first "
                        + Numbers.grouped(events.size())
                        + " of "
                        + Numbers.grouped(found.total())
                        + " are shown."));
  }

  private static String summary(
      Found found, Set<String> services, Instant start, Duration length, Clockface clock) {
    return Numbers.grouped(found.total())
        + (found.total() == 1 ? " record in " : " records in ")
        + services.size()
        + (services.size() == 1 ? " component, " : " components, ")
        + Clockface.length(length)
        + " from "
        + clock.millisecond(start)
        + " "
        + clock.zoneName();
  }

  /** An event is recorded when what it tells of has ended. */
  private static Instant startOf(StoredEvent event) {
    return event.time().minus(durationOf(event).orElse(Duration.ZERO));
  }

  private static Optional<Duration> durationOf(StoredEvent event) {
    return Reading.of(event)
        .number("event.duration")
        .filter(nanos -> nanos > 0 && nanos < Duration.ofDays(1).toNanos())
        .map(Duration::ofNanos);
  }

  private static Step step(
      StoredEvent event,
      Clockface clock,
      Links links,
      Instant start,
      Duration length,
      List<String> lanes) {
    double total = Math.max(1, length.toNanos());
    Duration offset = Duration.between(start, event.time());
    long from = Duration.between(start, startOf(event)).toNanos();
    int width = Math.max(6, (int) (WIDTH * (offset.toNanos() - from) / total));
    int x = Math.min(WIDTH - width, (int) (WIDTH * from / total));
    return new Step(
        Row.of(event, clock, links, ""),
        "+" + (offset.isZero() ? "0" : Clockface.length(offset)),
        durationOf(event).map(Clockface::length),
        Math.max(0, x),
        width,
        lanes.indexOf(Reading.of(event).text("service.name", "?")) + 1);
  }
}
