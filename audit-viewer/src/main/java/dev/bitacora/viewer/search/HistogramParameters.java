package dev.bitacora.viewer.search;

import dev.bitacora.core.query.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A question for counts over time: {@code q}, {@code from}, {@code to}, and {@code interval} or the
 * number of {@code buckets} wanted at most.
 */
public record HistogramParameters(String queryText, Query query, Span span, Duration interval) {
  public static final List<String> NAMES = List.of("q", "from", "to", "tz", "interval", "buckets");

  public static final int DEFAULT_BUCKETS = 60;
  public static final int MAX_BUCKETS = 1000;

  private static final List<Duration> INTERVALS =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofHours(1),
          Duration.ofHours(3),
          Duration.ofHours(6),
          Duration.ofHours(12),
          Duration.ofDays(1),
          Duration.ofDays(7),
          Duration.ofDays(30));

  public static HistogramParameters read(Parameters parameters, Instant now)
      throws BadParameterException {
    String text = parameters.given("q").orElse("");
    Query query = SearchParameters.query(text);
    Span span = Span.read(parameters, now, SearchParameters.zone(parameters));
    int buckets = parameters.number("buckets", DEFAULT_BUCKETS, 1, MAX_BUCKETS);
    Optional<String> interval = parameters.single("interval");
    return new HistogramParameters(
        text,
        query,
        span,
        interval.isPresent() ? given(interval.get(), span) : interval(span, buckets));
  }

  private static Duration given(String text, Span span) throws BadParameterException {
    Duration interval =
        TimeExpression.parseLength(text)
            .orElseThrow(
                () ->
                    new BadParameterException(
                        "interval", "interval is a length of time: 30s, 5m, 1h, 1d, 1w"));
    if (Duration.between(span.from(), span.to()).dividedBy(interval) > MAX_BUCKETS) {
      throw new BadParameterException(
          "interval", "this range has more than " + MAX_BUCKETS + " such intervals");
    }
    return interval;
  }

  /** The shortest round interval that divides the time into no more buckets than these. */
  public static Duration interval(Span span, int buckets) {
    Duration length = Duration.between(span.from(), span.chartEnd());
    for (Duration interval : INTERVALS) {
      if (length.dividedBy(interval) < buckets) {
        return interval;
      }
    }
    long days = Math.max(1, length.toDays() / buckets + 1);
    return Duration.ofDays(days);
  }
}
