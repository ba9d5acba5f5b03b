package dev.bitacora.collector.streams;

import dev.bitacora.collector.streams.ControlRecord.Predecessor;
import java.time.Instant;

/**
 * What a stream says of the one before it.
 *
 * @param component the successor's
 * @param at when the log took the successor's word
 */
record Succession(Predecessor predecessor, String component, Instant at) {
  /** Only the same component knows; anybody else's word on it is not heeded. */
  boolean isOf(String otherComponent) {
    return otherComponent.isEmpty() || otherComponent.equals(component);
  }
}
