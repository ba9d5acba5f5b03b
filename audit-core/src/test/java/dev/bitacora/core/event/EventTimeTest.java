package dev.bitacora.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTimeTest {
  private static final DateTimeFormatter ORACLE =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 3, 9, true)
          .appendLiteral('Z')
          .toFormatter(java.util.Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1970-01-01T00:00:00.000Z",
    "0, 120000000, 1970-01-01T00:00:00.120Z",
    "0, 123400000, 1970-01-01T00:00:00.1234Z",
    "0, 1, 1970-01-01T00:00:00.000000001Z",
    "-1, 999999999, 1969-12-31T23:59:59.999999999Z",
    "1772323199, 0, 2026-02-28T23:59:59.000Z",
    "951782400, 0, 2000-02-29T00:00:00.000Z",
  })
  void format_hasAsManyDigitsAsNeeded_threeAtLeast(long second, long nanos, String text) {
    assertThat(EventTime.format(Instant.ofEpochSecond(second, nanos))).isEqualTo(text);
  }

  @Test
  void format_ofAnyTime_isTheFormatters() {
    Random random = new Random(20261121);
    long from = Instant.parse("-0002-01-01T00:00:00Z").getEpochSecond();
    long to = Instant.parse("+10002-01-01T00:00:00Z").getEpochSecond();
    for (int i = 0; i < 50_000; i++) {
      long scale = (long) Math.pow(10, random.nextInt(10));
      long nanos = random.nextInt(1_000_000_000) / scale * scale;
      Instant time = Instant.ofEpochSecond(random.nextLong(from, to), nanos);
      assertThat(EventTime.format(time)).isEqualTo(ORACLE.format(time));
    }
  }

  @Test
  void format_atTheEdgesOfTheOrdinaryYears_isTheFormatters() {
    for (String edge :
        new String[] {
          "0000-01-01T00:00:00Z", "-0001-12-31T23:59:59.999999999Z",
          "9999-12-31T23:59:59.999999999Z", "+10000-01-01T00:00:00Z"
        }) {
      Instant time = Instant.parse(edge);
      assertThat(EventTime.format(time)).isEqualTo(ORACLE.format(time));
    }
  }

  @Test
  void parse_ofAnyText_isTheFormatters() {
    Random random = new Random(20261121);
    for (int i = 0; i < 200_000; i++) {
      String text = almostTime(random);
      assertThat(parsed(text, EventTime::parse))
          .as(text)
          .isEqualTo(parsed(text, any -> OffsetDateTime.parse(any).toInstant()));
    }
  }

  @Test
  void isAsFormatted_ofWhatCanBeParsed_isWhatFormatWrites() {
    Random random = new Random(20261122);
    int formatted = 0;
    for (int i = 0; i < 200_000; i++) {
      String text = almostTime(random);
      Optional<Instant> time = parsed(text, EventTime::parse);
      if (time.isPresent()) {
        boolean expected = EventTime.format(time.get()).equals(text);
        assertThat(EventTime.isAsFormatted(text)).as(text).isEqualTo(expected);
        formatted += expected ? 1 : 0;
      }
    }
    assertThat(formatted).isBetween(10_000, 190_000);
  }

  /** A time, or one with a character or two changed; of any number of digits. */
  private static String almostTime(Random random) {
    char[] alphabet = "0123456789-:.TZ+ ".toCharArray();
    long scale = (long) Math.pow(10, random.nextInt(10));
    long nanos = random.nextInt(1_000_000_000) / scale * scale;
    StringBuilder text =
        new StringBuilder(EventTime.format(Instant.ofEpochSecond(random.nextInt(), nanos)));
    for (int changes = random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(text.length());
      if (random.nextInt(4) == 0) {
        text.deleteCharAt(at);
      } else {
        text.setCharAt(at, alphabet[random.nextInt(alphabet.length)]);
      }
    }
    return text.toString();
  }

  private static Optional<Instant> parsed(String text, Function<String, Instant> parser) {
    try {
      return Optional.of(parser.apply(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
