package dev.bitacora.core.event;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
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

  private static final long SECONDS_PER_DAY = 86_400;

  /** Of years with four digits, which are all that an ordinary event can have. */
  private static final long FIRST_SECOND = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();

  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  /** For all other years. */
  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(java.time.temporal.ChronoField.NANO_OF_SECOND, 3, 9, true)
          .appendLiteral('Z')
          .toFormatter(java.util.Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Up to the third digit of the fraction. */
  private static final int MIN_LENGTH = "0000-00-00T00:00:00.000".length();

  private static final String SHAPE = "0000-00-00T00:00:00.";

  /** Without a fraction. */
  private static final int SHORTEST = "0000-00-00T00:00:00Z".length();

  private static final int LONGEST = "0000-00-00T00:00:00.000000000Z".length();

  /** Most events happen in the second of the one before; whoever loses a race makes it again. */
  private static Second lastSecond = new Second(0);

  private EventTime() {}

  /** {@code 2026-11-21T10:15:30.123456789Z}: three to nine digits of fraction. */
  public static String format(Instant time) {
    long seconds = time.getEpochSecond();
    return seconds < FIRST_SECOND || seconds > LAST_SECOND
        ? FORMAT.format(time)
        : format(seconds, time.getNano());
  }

  /** Whether a time that can be {@link #parse}d is written as {@link #format} writes it. */
  public static boolean isAsFormatted(String time) {
    int end = time.length() - 1;
    return end >= MIN_LENGTH
        && end < LONGEST
        && time.charAt(end) == 'Z'
        && (end == MIN_LENGTH || time.charAt(end - 1) != '0')
        && hasShape(time, end);
  }

  /** By hand, because every event has one: a formatter costs more than all the other fields. */
  private static String format(long seconds, int nanos) {
    Second second = lastSecond;
    if (second.seconds != seconds) {
      second = new Second(seconds);
      lastSecond = second;
    }
    byte[] text = second.text.clone();
    digits(text, 20, 9, nanos);
    int end = text.length - 1;
    while (end > MIN_LENGTH && text[end - 1] == '0') {
      end--;
    }
    text[end++] = 'Z';
    return new String(text, 0, end, StandardCharsets.ISO_8859_1);
  }

  /** A second of which nothing is known yet but the fraction. */
  private static final class Second {
    private final long seconds;
    private final byte[] text =
        "0000-00-00T00:00:00.000000000Z".getBytes(StandardCharsets.ISO_8859_1);

    Second(long seconds) {
      this.seconds = seconds;
      LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_PER_DAY));
      int second = (int) Math.floorMod(seconds, SECONDS_PER_DAY);
      digits(text, 0, 4, date.getYear());
      digits(text, 5, 2, date.getMonthValue());
      digits(text, 8, 2, date.getDayOfMonth());
      digits(text, 11, 2, second / 3600);
      digits(text, 14, 2, second / 60 % 60);
      digits(text, 17, 2, second % 60);
    }
  }

  private static void digits(byte[] text, int from, int count, int number) {
    int rest = number;
    for (int i = from + count - 1; i >= from; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /**
   * Reads an RFC 3339 time with an offset.
   *
   * @throws DateTimeException when the text is none
   */
  public static Instant parse(String text) {
    int length = text.length();
    boolean isUsual =
        length >= SHORTEST
            && length <= LONGEST
            && text.charAt(length - 1) == 'Z'
            && hasShape(text, length - 1);
    return isUsual ? parseUsual(text, length - 1) : OffsetDateTime.parse(text).toInstant();
  }

  /**
   * By hand, as each event's time is written: a formatter's parser takes longer than the event's.
   */
  private static Instant parseUsual(String text, int end) {
    long hour = number(text, 11, 13);
    long minute = number(text, 14, 16);
    long second = number(text, 17, 19);
    if (hour > 23 || minute > 59 || second > 59) {
      throw new DateTimeException("no such time of day: " + text);
    }
    long day =
        LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
    int nanos = end == SHORTEST - 1 ? 0 : number(text, SHORTEST, end);
    for (int digits = end - SHORTEST; end >= SHORTEST && digits < 9; digits++) {
      nanos *= 10;
    }
    return Instant.ofEpochSecond(day * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second, nanos);
  }

  /** {@code 0000-00-00T00:00:00} and, when it is longer, a point with digits behind it. */
  private static boolean hasShape(String text, int end) {
    for (int i = 0; i < end; i++) {
      char wanted = i < SHAPE.length() ? SHAPE.charAt(i) : '0';
      char c = text.charAt(i);
      if (wanted == '0' ? c < '0' || c > '9' : c != wanted) {
        return false;
      }
    }
    return end != SHORTEST;
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
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
