package dev.bitacora.core.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** RFC 3339 times in UTC, to the nanosecond. */
public final class EventTime {
  /**
   * The earliest and latest times that 64 bits of nanoseconds since 1970 hold and Elasticsearch's
   * date_nanos accepts.
   */
  public static final Instant MIN = Instant.EPOCH;

  public static final Instant MAX = Instant.ofEpochSecond(0, Long.MAX_VALUE);

  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(java.time.temporal.ChronoField.NANO_OF_SECOND, 3, 9, true)
          .appendLiteral('Z')
          .toFormatter(java.util.Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private EventTime() {}

  /** {@code 2026-11-21T10:15:30.123456789Z}: three to nine digits of fraction. */
  public static String format(Instant time) {
    return FORMAT.format(time);
  }

  /**
   * Reads an RFC 3339 time with an offset.
   *
   * @throws DateTimeException when the text is none
   */
  public static Instant parse(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  /**
   * Nanoseconds since 1970; times outside {@link #MIN} … {@link #MAX} become the nearest of these.
   */
  public static long toNanos(Instant time) {
    if (time.isBefore(MIN)) {
      return 0;
    }
    if (time.isAfter(MAX)) {
      return Long.MAX_VALUE;
    }
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }

  /** The time {@code nanos} nanoseconds after 1970. */
  public static Instant ofNanos(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }
}
