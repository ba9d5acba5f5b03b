package dev.bitacora.agent.spool;

import dev.bitacora.core.wire.RecordKind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Reads records from their bytes and believes only what their checksum confirms. */
final class Records {
  private Records() {}

  /** The record that these bytes are, from its length to its payload's end. */
  static Optional<SpooledRecord> read(byte[] bytes, int seed, SegmentName name, long offset) {
    ByteBuffer record = ByteBuffer.wrap(bytes);
    if (record.getInt(RecordFormat.CRC_AT) != RecordFormat.checksum(seed, bytes, bytes.length)) {
      return Optional.empty();
    }
    long shape = record.getLong(RecordFormat.KIND_AT);
    int payloadLength = RecordFormat.payloadLength(shape);
    int span = RecordFormat.span(shape);
    Optional<RecordKind> kind = RecordKind.of(RecordFormat.kind(shape));
    boolean isSound =
        kind.isPresent()
            && span >= 1
            && payloadLength >= 0
            && payloadLength <= bytes.length - RecordFormat.HEADER;
    if (!isSound) {
      return Optional.empty();
    }
    long sequence = record.getLong(RecordFormat.SEQUENCE_AT);
    int to = RecordFormat.HEADER + payloadLength;
    return Optional.of(
        new SpooledRecord(
            name.stream(),
            sequence - span + 1,
            sequence,
            kind.get(),
            Arrays.copyOfRange(bytes, RecordFormat.HEADER, to),
            record.getLong(RecordFormat.TIME_AT),
            name.number(),
            offset + RecordFormat.aligned(bytes.length)));
  }
}
