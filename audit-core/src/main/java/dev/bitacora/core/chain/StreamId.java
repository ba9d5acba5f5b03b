package dev.bitacora.core.chain;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/**
 * One lane (audit or log) of one run of one agent: a UUIDv7 (RFC 9562), so that streams sort by the
 * time they began. Immutable and safe for any thread.
 */
public record StreamId(UUID uuid) implements Comparable<StreamId> {
  /** Bytes of a stream in every binary format. */
  public static final int BYTES = 16;

  /** Characters of its text form. */
  public static final int TEXT_LENGTH = 36;

  /** No stream (RFC 9562's Nil UUID). */
  public static final StreamId NONE = new StreamId(new UUID(0, 0));

  private static final SecureRandom RANDOM = new SecureRandom();

  public StreamId {
    if (uuid == null) {
      throw new IllegalArgumentException("stream: a UUID is required");
    }
  }

  /** A new stream that begins at {@code start}. */
  public static StreamId newAt(Instant start) {
    long high = (start.toEpochMilli() << 16) | 0x7000L | RANDOM.nextInt(0x1000);
    long low = 0x8000_0000_0000_0000L | (RANDOM.nextLong() >>> 2);
    return new StreamId(new UUID(high, low));
  }

  /** Reads the canonical text form, {@code 019a…-….}. */
  public static StreamId parse(String text) {
    if (text.length() != TEXT_LENGTH) {
      throw new IllegalArgumentException(
          "stream: expected a UUID of 36 characters, found " + text.length());
    }
    return new StreamId(UUID.fromString(text));
  }

  /** Reads 16 bytes, big-endian, from the buffer's position. */
  public static StreamId readFrom(ByteBuffer buffer) {
    return new StreamId(new UUID(buffer.getLong(), buffer.getLong()));
  }

  /** Writes 16 bytes, big-endian, at the buffer's position. */
  public void writeTo(ByteBuffer buffer) {
    buffer.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
  }

  public byte[] toBytes() {
    ByteBuffer buffer = ByteBuffer.allocate(BYTES);
    writeTo(buffer);
    return buffer.array();
  }

  /** Unsigned order of the 16 bytes, which is also the order of the text form. */
  @Override
  public int compareTo(StreamId other) {
    int high =
        Long.compareUnsigned(uuid.getMostSignificantBits(), other.uuid.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            uuid.getLeastSignificantBits(), other.uuid.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return uuid.toString();
  }
}
