package dev.bitacora.agent.spool;

import dev.bitacora.core.wire.RecordKind;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Reads records from their bytes and believes only what their checksum confirms. */
final class Records {
  private Records() {}

  /** The record that these bytes are, from its length to its payload's end. */
  static Optional<SpooledRecord> read(ByteBuffer record, int seed, SegmentName name, long offset) {
    int length = record.remaining();
    if (length < RecordFormat.HEADER) {
      return Optional.empty();
    }
    byte[] head = new byte[RecordFormat.HEADER];
    record.get(record.position(), head);
    ByteBuffer header = ByteBuffer.wrap(head);
    long shape = header.getLong(RecordFormat.KIND_AT);
    int payloadLength = RecordFormat.payloadLength(shape);
    int span = RecordFormat.span(shape);
    Optional<RecordKind> kind = RecordKind.of(RecordFormat.kind(shape));
    boolean isSound =
        kind.isPresent()
            && span >= 1
            && payloadLength >= 0
            && payloadLength <= length - RecordFormat.HEADER;
    if (!isSound) {
      return Optional.empty();
    }
    byte[] payload = new byte[payloadLength];
    record.get(record.position() + RecordFormat.HEADER, payload);
    // Of the very bytes that are handed on: a file's may change.
    CRC32C crc = new CRC32C();
    crc.update(head, RecordFormat.SEQUENCE_AT, RecordFormat.HEADER - RecordFormat.SEQUENCE_AT);
    crc.update(payload);
    crc.update(record.position(record.position() + RecordFormat.HEADER + payloadLength));
    if (header.getInt(RecordFormat.CRC_AT) != ((int) crc.getValue() ^ seed)) {
      return Optional.empty();
    }
    long sequence = header.getLong(RecordFormat.SEQUENCE_AT);
    return Optional.of(
        new SpooledRecord(
            name.stream(),
            sequence - span + 1,
            sequence,
            kind.get(),
            payload,
            header.getLong(RecordFormat.TIME_AT),
            name.number(),
            offset + RecordFormat.aligned(length)));
  }
}
