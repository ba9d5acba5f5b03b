package dev.bitacora.core.chain;

import java.nio.ByteBuffer;

/**
 * A record's place: its stream and its number there, 0 for {@code agent.start} and then without
 * holes. Everything that names an event derives from it. Immutable and safe for any thread.
 *
 * @param sequence at least 0 and below 10^12, so that {@link #eventId} has a fixed width and sorts
 *     like the number
 */
public record StreamPosition(StreamId stream, long sequence) implements Comparable<StreamPosition> {
  /** Bytes of a position in every binary format: stream, then the sequence as u64 big-endian. */
  public static final int BYTES = StreamId.BYTES + Long.BYTES;

  /** The first number that does not fit. */
  public static final long SEQUENCE_LIMIT = 1_000_000_000_000L;

  /** Characters of an {@link #eventId}. */
  public static final int TEXT_LENGTH = StreamId.TEXT_LENGTH + 1 + 12;

  public StreamPosition {
    if (stream == null) {
      throw new IllegalArgumentException("position: a stream is required");
    }
    if (sequence < 0 || sequence >= SEQUENCE_LIMIT) {
      throw new IllegalArgumentException(
          "position: sequence must be from 0 to 10^12 - 1, found " + sequence);
    }
  }

  /** Reads an {@code event.id}: stream, a hyphen, twelve digits. */
  public static StreamPosition parse(String eventId) {
    if (eventId.length() != TEXT_LENGTH || eventId.charAt(StreamId.TEXT_LENGTH) != '-') {
      throw new IllegalArgumentException(
          "event.id: expected <stream>-<12 digits>, found \"" + eventId + "\"");
    }
    for (int i = StreamId.TEXT_LENGTH + 1; i < TEXT_LENGTH; i++) {
      if (eventId.charAt(i) < '0' || eventId.charAt(i) > '9') {
        throw new IllegalArgumentException(
            "event.id: expected 12 digits at the end of \"" + eventId + "\"");
      }
    }
    return new StreamPosition(
        StreamId.parse(eventId.substring(0, StreamId.TEXT_LENGTH)),
        Long.parseLong(eventId, StreamId.TEXT_LENGTH + 1, TEXT_LENGTH, 10));
  }

  /** Reads 24 bytes from the buffer's position. */
  public static StreamPosition readFrom(ByteBuffer buffer) {
    return new StreamPosition(StreamId.readFrom(buffer), buffer.getLong());
  }

  public byte[] toBytes() {
    ByteBuffer buffer = ByteBuffer.allocate(BYTES);
    stream.writeTo(buffer);
    return buffer.putLong(sequence).array();
  }

  /** The event's unique, time-ordered name: {@code <stream>-<sequence, 12 digits>}. */
  public String eventId() {
    String digits = Long.toString(sequence);
    return stream + "-" + "000000000000".substring(digits.length()) + digits;
  }

  @Override
  public int compareTo(StreamPosition other) {
    int byStream = stream.compareTo(other.stream);
    return byStream != 0 ? byStream : Long.compare(sequence, other.sequence);
  }

  @Override
  public String toString() {
    return eventId();
  }
}
