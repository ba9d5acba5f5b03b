package dev.bitacora.viewer.page;

import dev.bitacora.store.HistogramBucket;
import dev.bitacora.viewer.search.Overview;
import dev.bitacora.viewer.search.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Events over time, as bars of three parts each: failures at the foot, where they stand on one
 * line, then successes, then the rest.
 *
 * @param width of the drawing, {@link #STEP} units a bar; it is {@link #HEIGHT} high
 * @param max the highest bar's events
 * @param ticks times below the drawing, from left to right
 */
public record Chart(
    int width, List<Bar> bars, String max, String interval, List<String> ticks, boolean isEmpty) {
  public static final int STEP = 10;
  public static final int HEIGHT = 100;

  private static final int MAX_BARS = 200;
  private static final int TICKS = 5;

  /**
   * One interval.
   *
   * @param x of its left edge
   */
  public record Bar(int x, List<Part> parts, String label, String total, String href) {}

  /**
   * The events of one outcome.
   *
   * @param kind {@code bad}, {@code good} or {@code plain}
   */
  public record Part(String kind, String y, String height) {}

  /**
   * @param zoom the address of a search from one moment to another
   */
  static Chart of(
      Overview overview, Span span, Clockface clock, BiFunction<Instant, Instant, String> zoom) {
    Duration interval = overview.interval();
    Map<Instant, HistogramBucket> buckets =
        overview.histogram().stream()
            .collect(Collectors.toMap(HistogramBucket::start, Function.identity()));
    List<Instant> starts = starts(span, interval, overview.histogram());
    long max =
        Math.max(1, buckets.values().stream().mapToLong(HistogramBucket::total).max().orElse(1));
    List<Bar> bars = new ArrayList<>();
    for (Instant start : starts) {
      HistogramBucket bucket = buckets.getOrDefault(start, new HistogramBucket(start, Map.of()));
      Instant end = start.plus(interval);
      bars.add(
          new Bar(
              bars.size() * STEP,
              parts(bucket, max),
              label(bucket, clock, interval),
              Numbers.grouped(bucket.total()),
              zoom.apply(start, end)));
    }
    return new Chart(
        bars.size() * STEP,
        bars,
        Numbers.grouped(max),
        Clockface.interval(interval),
        ticks(starts, interval, clock),
        buckets.isEmpty());
  }

  private static List<Instant> starts(Span span, Duration interval, List<HistogramBucket> buckets) {
    long step = interval.toMillis();
    long first = Math.floorDiv(span.from().toEpochMilli(), step) * step;
    long end = span.chartEnd().toEpochMilli();
    if (!buckets.isEmpty()) {
      end = Math.max(end, buckets.get(buckets.size() - 1).start().toEpochMilli() + 1);
    }
    List<Instant> starts = new ArrayList<>();
    for (long at = first; at < end && starts.size() < MAX_BARS; at += step) {
      starts.add(Instant.ofEpochMilli(at));
    }
    return starts;
  }

  private static List<Part> parts(HistogramBucket bucket, long max) {
    long bad = bucket.outcomes().getOrDefault("failure", 0L);
    long good = bucket.outcomes().getOrDefault("success", 0L);
    long rest = bucket.total() - bad - good;
    List<Part> parts = new ArrayList<>();
    double top = HEIGHT;
    top = stack(parts, "bad", bad, max, top);
    top = stack(parts, "good", good, max, top);
    stack(parts, "plain", rest, max, top);
    return parts;
  }

  private static double stack(List<Part> parts, String kind, long count, long max, double top) {
    if (count == 0) {
      return top;
    }
    // A single failure among thousands is still to be seen.
    double height = Math.max(1.5, (double) HEIGHT * count / max);
    double y = Math.max(0, top - height);
    parts.add(new Part(kind, number(y), number(top - y)));
    return y;
  }

  private static String number(double value) {
    return String.format(java.util.Locale.ROOT, "%.1f", value);
  }

  private static String label(HistogramBucket bucket, Clockface clock, Duration interval) {
    StringBuilder label =
        new StringBuilder(clock.second(bucket.start()))
            .append(", ")
            .append(Clockface.interval(interval))
            .append(": ")
            .append(Numbers.grouped(bucket.total()))
            .append(bucket.total() == 1 ? " event" : " events");
    for (String outcome : List.of("success", "failure", "unknown")) {
      long count = bucket.outcomes().getOrDefault(outcome, 0L);
      if (count > 0) {
        label.append(", ").append(Numbers.grouped(count)).append(' ').append(outcome);
      }
    }
    return label.toString();
  }

  private static List<String> ticks(List<Instant> starts, Duration interval, Clockface clock) {
    List<String> ticks = new ArrayList<>();
    int count = Math.min(TICKS, starts.size());
    for (int i = 0; i < count; i++) {
      ticks.add(clock.tick(starts.get(i * starts.size() / count), interval));
    }
    return ticks;
  }
}
