package dev.bitacora.store;

import java.time.Instant;
import java.util.Map;

/**
 * Events of one interval.
 *
 * @param start the interval's first moment
 * @param outcomes counts by {@code event.outcome}; zeros are left out
 */
public record HistogramBucket(Instant start, Map<String, Long> outcomes) {
  public HistogramBucket {
    outcomes = Map.copyOf(outcomes);
  }

  public long total() {
    return outcomes.values().stream().mapToLong(Long::longValue).sum();
  }
}
