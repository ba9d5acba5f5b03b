package dev.bitacora.core.wire;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamPosition;

/**
 * One numbered record on its way from an agent to a store.
 *
 * @param previous the link of the stream's chain before this record; {@link ChainLink#ZERO} at
 *     sequence 0 and in the log lane
 * @param value the event's exact bytes, not copied: whoever holds a record must not change them
 */
@SuppressWarnings(
    "ArrayRecordComponent") // two records are the same record when they are the same object
public record WireRecord(
    RecordKind kind, StreamPosition position, ChainLink previous, byte[] value) {
  public WireRecord {
    if (kind == null || position == null || previous == null || value == null) {
      throw new IllegalArgumentException(
          "wire record: kind, position, previous link and value are required");
    }
  }

  /** Names the record without its content. */
  @Override
  public String toString() {
    return "WireRecord[" + kind + " " + position + ", " + value.length + " bytes]";
  }
}
