package dev.bitacora.store;

import java.util.List;
import java.util.Optional;

/**
 * A page found.
 *
 * @param next the cursor of the next page: text for URLs, opaque; empty on the last page
 * @param total events of the whole selection
 */
public record SearchPage(
    List<StoredEvent> events, Optional<String> next, long total, Completeness completeness) {
  public SearchPage {
    events = List.copyOf(events);
  }
}
