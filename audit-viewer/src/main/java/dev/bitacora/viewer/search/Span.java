package dev.bitacora.viewer.search;

import dev.bitacora.store.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * The time asked for, as it was written and as it is. Without an end it reaches a day beyond now,
 * as far as an event's plausible time does: a clock that runs ahead hides nothing.
 *
 * @param fromText as written, or what stands for nothing written
 * @param toText as written; empty without an end
 */
public record Span(String fromText, String toText, Instant from, Instant to, Instant now) {
  /** What is searched when nobody says. */
  public static final String DEFAULT_FROM = "now-24h";

  private static final Duration AHEAD = Duration.ofDays(1);

  static Span read(Parameters parameters, Instant now, ZoneId zone) throws BadParameterException {
    String fromText = parameters.single("from").orElse(DEFAULT_FROM);
    Optional<String> toText = parameters.single("to");
    Instant from = moment("from", fromText, now, zone);
    Instant to =
        toText.isPresent() ? moment("to", toText.get(), now, zone) : later(now, from).plus(AHEAD);
    if (!from.isBefore(to)) {
      throw new BadParameterException("to", "the time range ends before it begins");
    }
    return new Span(fromText, toText.orElse(""), from, to, now);
  }

  private static Instant moment(String name, String text, Instant now, ZoneId zone)
      throws BadParameterException {
    return TimeExpression.parse(text, now, zone)
        .orElseThrow(
            () ->
                new BadParameterException(
                    name, name + " is a time: now-24h, 2026-11-21, or 2026-11-21T10:15:30Z"));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  public TimeRange range() {
    return new TimeRange(from, to);
  }

  /** The last moment that a chart needs to show. */
  public Instant chartEnd() {
    return toText.isEmpty() ? later(now, from.plusSeconds(1)) : to;
  }

  /** Where another beginning, relative to the same now, would lie. */
  public Instant begin(String relative) {
    return TimeExpression.parse(relative, now, ZoneOffset.UTC).orElse(from);
  }

  /** The same time, fixed. */
  Span at(Instant from, Instant to) {
    return new Span(fromText, toText, from, to, now);
  }
}
