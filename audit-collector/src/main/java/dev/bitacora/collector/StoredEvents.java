package dev.bitacora.collector;

import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.InvalidEventException;
import dev.bitacora.core.query.Query;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.StoredEvent;
import java.util.Optional;

/** Finds single events in a store. */
final class StoredEvents {
  private final AuditStore store;

  StoredEvents(AuditStore store) {
    this.store = store;
  }

  Optional<AuditEvent> find(StreamPosition position) {
    return store.get(position.eventId(), Query.ALL).stream().findFirst().map(StoredEvents::parse);
  }

  boolean has(String eventId, String documentId) {
    return store.get(eventId, Query.ALL).stream()
        .anyMatch(stored -> stored.documentId().equals(documentId));
  }

  private static AuditEvent parse(StoredEvent stored) {
    try {
      return AuditEvent.parse(stored.original());
    } catch (InvalidEventException e) {
      throw new StoreException("store: " + stored.documentId() + " holds no event", e);
    }
  }
}
