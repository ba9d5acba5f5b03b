package dev.bitacora.store;

import dev.bitacora.core.chain.StreamPosition;
import java.time.Instant;

/**
 * An event as it was found: the exact bytes that were written, and what the collector added.
 * Readers render from the bytes, never from what an index says of them.
 *
 * @param original the event's bytes, not copied: not to be changed
 * @param time what the document is ordered by: the event's time, or the append time where that is
 *     implausible
 */
@SuppressWarnings("ArrayRecordComponent") // two finds are compared by their ids
public record StoredEvent(
    StreamPosition position,
    String hash,
    byte[] original,
    Instant time,
    boolean plausibleTime,
    Instant ingested,
    LogPosition log,
    AgentIdStatus agentIdStatus) {

  public String eventId() {
    return position.eventId();
  }

  /** {@code <event.id>.<hash>}. */
  public String documentId() {
    return eventId() + "." + hash;
  }

  @Override
  public String toString() {
    return "StoredEvent[" + documentId() + "]";
  }
}
