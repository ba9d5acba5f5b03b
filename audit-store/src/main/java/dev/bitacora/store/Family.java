package dev.bitacora.store;

import dev.bitacora.core.event.Dataset;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A family of indices with a period and a retention of its own. */
public enum Family {
  /** Audit and control records, by month. */
  EVENTS("audit-events", DateTimeFormatter.ofPattern("uuuu.MM")),
  /** Log lines, by day. */
  LOGS("audit-logs", DateTimeFormatter.ofPattern("uuuu.MM.dd"));

  private final String prefix;
  private final DateTimeFormatter period;

  /** Most events belong to the period of the one before. */
  private static final Map<Family, Index> LAST = new ConcurrentHashMap<>();

  private record Index(String name, TimeRange moments) {}

  Family(String prefix, DateTimeFormatter period) {
    this.prefix = prefix;
    this.period = period.withZone(ZoneOffset.UTC);
  }

  public static Family of(Dataset dataset) {
    return dataset == Dataset.LOG ? LOGS : EVENTS;
  }

  /** The beginning of its indices' names, {@code audit-events}. */
  public String prefix() {
    return prefix;
  }

  /** The index that holds this moment, {@code audit-events-2026.11}. */
  public String indexAt(Instant time) {
    Index index = LAST.get(this);
    if (index == null || !index.moments().contains(time)) {
      LocalDate day = LocalDate.ofInstant(time, ZoneOffset.UTC);
      index =
          new Index(
              prefix + "-" + period.format(time),
              this == LOGS ? day(day) : month(YearMonth.from(day)));
      LAST.put(this, index);
    }
    return index.name();
  }

  /** The moments that an index of this name holds; empty when the name is none of this family's. */
  public Optional<TimeRange> periodOf(String index) {
    if (!index.startsWith(prefix + "-")) {
      return Optional.empty();
    }
    try {
      String text = index.substring(prefix.length() + 1);
      return Optional.of(
          this == LOGS ? day(LocalDate.parse(text, period)) : month(YearMonth.parse(text, period)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static TimeRange day(LocalDate day) {
    return range(day, day.plusDays(1));
  }

  private static TimeRange month(YearMonth month) {
    return range(month.atDay(1), month.plusMonths(1).atDay(1));
  }

  private static TimeRange range(LocalDate from, LocalDate to) {
    return new TimeRange(
        from.atStartOfDay().toInstant(ZoneOffset.UTC), to.atStartOfDay().toInstant(ZoneOffset.UTC));
  }
}
