package dev.bitacora.viewer.search;

import dev.bitacora.core.event.FieldName;
import dev.bitacora.store.StoredEvent;
import java.util.List;

/**
 * Events around one that share a value with it, oldest first, that one included.
 *
 * @param by the field they share
 */
public record Surroundings(FieldName by, String value, List<StoredEvent> events) {
  public Surroundings {
    events = List.copyOf(events);
  }
}
