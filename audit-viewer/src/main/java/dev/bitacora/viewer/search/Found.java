package dev.bitacora.viewer.search;

import dev.bitacora.store.Completeness;
import dev.bitacora.store.StoredEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A page of events with what a reader must know about it.
 *
 * @param next the {@code after} of the next page
 */
public record Found(
    List<StoredEvent> events,
    Optional<String> next,
    long total,
    Completeness completeness,
    Duration took) {
  public Found {
    events = List.copyOf(events);
  }
}
