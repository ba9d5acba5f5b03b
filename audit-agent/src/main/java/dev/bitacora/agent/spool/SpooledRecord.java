package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.wire.RecordKind;

/**
 * One accepted record.
 *
 * @param first the first of the numbers it stands for; its own unless it accounts for a gap
 * @param value the exact bytes, shared: nobody changes them
 * @param acceptedMicros when it was accepted, µs since 1970
 * @param segment where it stands
 * @param end the offset behind it there
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record SpooledRecord(
    StreamId stream,
    long first,
    long sequence,
    RecordKind kind,
    byte[] value,
    long acceptedMicros,
    long segment,
    long end) {
  public StreamPosition position() {
    return new StreamPosition(stream, sequence);
  }
}
