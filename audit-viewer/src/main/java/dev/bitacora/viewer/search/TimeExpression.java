package dev.bitacora.viewer.search;

import dev.bitacora.core.event.EventTime;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A moment as people write it: {@code now}, {@code now-24h} (s, m, h, d, w), RFC 3339, or a date or
 * local time in the request's zone.
 */
public final class TimeExpression {
  private static final Pattern RELATIVE = Pattern.compile("now(?:([+-])(\\d{1,6})([smhdw]))?");

  private TimeExpression() {}

  /** The moment, or empty when the text is none. */
  public static Optional<Instant> parse(String text, Instant now, ZoneId zone) {
    Matcher relative = RELATIVE.matcher(text);
    try {
      return Optional.of(
          within(relative.matches() ? now.plus(offset(relative)) : absolute(text, zone)));
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static Duration offset(Matcher relative) {
    if (relative.group(1) == null) {
      return Duration.ZERO;
    }
    long amount = Long.parseLong(relative.group(2));
    Duration offset = unit(relative.group(3).charAt(0)).multipliedBy(amount);
    return relative.group(1).equals("-") ? offset.negated() : offset;
  }

  private static Duration unit(char unit) {
    return switch (unit) {
      case 's' -> Duration.ofSeconds(1);
      case 'm' -> Duration.ofMinutes(1);
      case 'h' -> Duration.ofHours(1);
      case 'd' -> Duration.ofDays(1);
      default -> Duration.ofDays(7);
    };
  }

  private static Instant absolute(String text, ZoneId zone) {
    if (text.length() == "2026-11-21".length()) {
      return LocalDate.parse(text).atStartOfDay(zone).toInstant();
    }
    // A plus sign that nobody encoded arrives as a space.
    String mended = text.replace(' ', text.indexOf('T') >= 0 ? '+' : 'T');
    return isLocal(mended)
        ? LocalDateTime.parse(mended).atZone(zone).toInstant()
        : EventTime.parse(mended);
  }

  private static boolean isLocal(String text) {
    int time = text.indexOf('T');
    String clock = time < 0 ? text : text.substring(time);
    return !clock.endsWith("Z") && clock.indexOf('+') < 0 && clock.indexOf('-') < 0;
  }

  /** Moments that no event can have become the nearest that one can have. */
  private static Instant within(Instant time) {
    if (time.isBefore(EventTime.MIN)) {
      return EventTime.MIN;
    }
    return time.isAfter(EventTime.MAX) ? EventTime.MAX : time;
  }

  /** A length of time: {@code 30s}, {@code 5m}, {@code 1h}, {@code 1d}, {@code 1w}. */
  static Optional<Duration> parseLength(String text) {
    Matcher length = Pattern.compile("(\\d{1,6})([smhdw])").matcher(text);
    if (!length.matches()) {
      return Optional.empty();
    }
    return Optional.of(
            unit(length.group(2).charAt(0)).multipliedBy(Long.parseLong(length.group(1))))
        .filter(duration -> !duration.isZero());
  }
}
