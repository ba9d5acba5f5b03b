package dev.bitacora.core.wire;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of an agent's HTTP request: records of one stream.
 *
 * <pre>
 * stream[16], then frames, big-endian:
 *  0 u32 length of the bytes
 *  4 u8  kind
 *  5 u64 sequence
 * 13 previous[32]
 * 45 bytes
 * </pre>
 */
public final class BatchFormat {
  /** The media type; gzip as content encoding is allowed. */
  public static final String MEDIA_TYPE = "application/vnd.bitacora.batch.v1";

  /** Bytes of a frame before the event. */
  public static final int FRAME_HEADER = 4 + 1 + 8 + ChainLink.BYTES;

  private BatchFormat() {}

  /**
   * Writes records of one stream.
   *
   * @throws IllegalArgumentException when they are none, or of several streams
   */
  public static byte[] write(List<WireRecord> records) {
    if (records.isEmpty()) {
      throw new IllegalArgumentException("batch: expected at least one record");
    }
    StreamId stream = records.get(0).position().stream();
    int size = StreamId.BYTES;
    for (WireRecord record : records) {
      if (!record.position().stream().equals(stream)) {
        throw new IllegalArgumentException(
            "batch: expected one stream, found " + stream + " and another");
      }
      size = Math.addExact(size, FRAME_HEADER + record.value().length);
    }
    ByteBuffer buffer = ByteBuffer.allocate(size);
    stream.writeTo(buffer);
    for (WireRecord record : records) {
      buffer.putInt(record.value().length);
      buffer.put(record.kind().code());
      buffer.putLong(record.position().sequence());
      buffer.put(record.previous().toBytes());
      buffer.put(record.value());
    }
    return buffer.array();
  }

  /**
   * Reads a whole batch; a single bad frame refuses it, since what follows it cannot be trusted.
   */
  public static List<WireRecord> read(byte[] batch) throws MalformedRecordException {
    ByteBuffer buffer = ByteBuffer.wrap(batch);
    if (buffer.remaining() < StreamId.BYTES) {
      throw new MalformedRecordException(
          "batch: expected a stream of 16 bytes, found " + buffer.remaining());
    }
    StreamId stream = StreamId.readFrom(buffer);
    List<WireRecord> records = new ArrayList<>();
    while (buffer.hasRemaining()) {
      records.add(readFrame(buffer, stream));
    }
    if (records.isEmpty()) {
      throw new MalformedRecordException("batch: expected at least one frame");
    }
    return records;
  }

  private static WireRecord readFrame(ByteBuffer buffer, StreamId stream)
      throws MalformedRecordException {
    int start = buffer.position();
    if (buffer.remaining() < FRAME_HEADER) {
      throw new MalformedRecordException("batch: the frame at byte " + start + " is cut off");
    }
    int length = buffer.getInt();
    byte kind = buffer.get();
    long sequence = buffer.getLong();
    ChainLink previous = ChainLink.readFrom(buffer);
    if (length < 0 || length > buffer.remaining()) {
      throw new MalformedRecordException(
          "batch: the frame at byte "
              + start
              + " says "
              + Integer.toUnsignedString(length)
              + " bytes, "
              + buffer.remaining()
              + " are left");
    }
    if (sequence < 0 || sequence >= StreamPosition.SEQUENCE_LIMIT) {
      throw new MalformedRecordException(
          "batch: the frame at byte " + start + " has an impossible sequence");
    }
    byte[] value = new byte[length];
    buffer.get(value);
    return new WireRecord(
        KafkaHeaders.kindOf(kind), new StreamPosition(stream, sequence), previous, value);
  }
}
