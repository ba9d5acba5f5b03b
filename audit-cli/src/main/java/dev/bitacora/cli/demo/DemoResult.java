package dev.bitacora.cli.demo;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What the check found.
 *
 * @param recorded audit events and log lines that components hold a receipt for
 * @param searchable of these, how many distinct ones the API pages through
 * @param duplicates how often one was shown again
 * @param lost recorded and not searchable
 * @param differences of the compared events, those whose bytes are not what was recorded
 */
public record DemoResult(
    long recorded,
    long searchable,
    long duplicates,
    long lost,
    List<String> differences,
    Duration duration) {
  public DemoResult {
    differences = List.copyOf(differences);
  }

  public boolean isGood() {
    return lost == 0 && duplicates == 0 && differences.isEmpty() && recorded == searchable;
  }

  /** The line that ends a run. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "recorded=%d searchable=%d duplicates=%d lost=%d seconds=%.1f",
        recorded,
        searchable,
        duplicates,
        lost,
        duration.toMillis() / 1000.0);
  }
}
