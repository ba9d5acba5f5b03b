package dev.bitacora.viewer.page;

import dev.bitacora.core.event.EventTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times and lengths of time for people, in one zone that is always named. */
final class Clockface {
  private final ZoneId zone;
  private final DateTimeFormatter day;
  private final DateTimeFormatter second;
  private final DateTimeFormatter millisecond;

  Clockface(ZoneId zone) {
    this.zone = zone;
    day = formatter("uuuu-MM-dd");
    second = formatter("uuuu-MM-dd HH:mm:ss");
    millisecond = formatter("uuuu-MM-dd HH:mm:ss.SSS");
  }

  private DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(zone);
  }

  String zoneName() {
    return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
  }

  String day(Instant time) {
    return day.format(time);
  }

  String second(Instant time) {
    return second.format(time);
  }

  String millisecond(Instant time) {
    return millisecond.format(time);
  }

  /** The shortest that tells two ticks of a chart apart. */
  String tick(Instant time, Duration interval) {
    if (interval.compareTo(Duration.ofDays(1)) >= 0) {
      return day(time);
    }
    String pattern = interval.compareTo(Duration.ofMinutes(1)) >= 0 ? "MM-dd HH:mm" : "HH:mm:ss";
    return formatter(pattern).format(time);
  }

  static String iso(Instant time) {
    return EventTime.format(time);
  }

  static String length(Duration length) {
    long nanos = length.toNanos();
    if (nanos < 1_000) {
      return nanos + " ns";
    }
    if (nanos < 1_000_000) {
      return String.format(Locale.ROOT, "%.0f µs", nanos / 1e3);
    }
    if (nanos < 10_000_000) {
      return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
    }
    if (nanos < 1_000_000_000) {
      return String.format(Locale.ROOT, "%.0f ms", nanos / 1e6);
    }
    if (length.compareTo(Duration.ofMinutes(1)) < 0) {
      return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }
    if (length.compareTo(Duration.ofHours(1)) < 0) {
      return length.toMinutes() + " min " + length.toSecondsPart() + " s";
    }
    return length.compareTo(Duration.ofDays(1)) < 0
        ? length.toHours() + " h " + length.toMinutesPart() + " min"
        : length.toDays() + " d " + length.toHoursPart() + " h";
  }

  /** An interval that is a round number of one unit, {@code 5 min}. */
  static String interval(Duration interval) {
    if (interval.toSecondsPart() != 0) {
      return interval.toSeconds() + " s";
    }
    if (interval.toMinutesPart() != 0) {
      return interval.toMinutes() + " min";
    }
    return interval.toHoursPart() != 0 ? interval.toHours() + " h" : interval.toDays() + " d";
  }
}
