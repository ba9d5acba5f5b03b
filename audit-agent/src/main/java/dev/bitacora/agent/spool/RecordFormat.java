package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A record in a segment, big-endian, aligned to 8 bytes. The length is written last and says in
 * which state the record is:
 *
 * <pre>
 *  0 i32 length    0 unwritten · negative claimed · very negative closed · positive committed
 *  4 u32 CRC-32C of bytes 8…length, xor the segment's seed, so that stale bytes never validate
 *  8 u64 sequence
 * 16 u64 when it was accepted, µs since 1970
 * 24 u8 kind · u8 zero · u16 numbers the record stands for, ending at its own · u32 payload length
 * 32 payload
 * </pre>
 *
 * A record that stands for several numbers accounts for what was refused or lost; all others stand
 * for one.
 */
final class RecordFormat {
  static final int HEADER = 32;

  /** Numbers that one record can stand for. */
  static final int MAX_SPAN = 0xFFFF;

  /** The longest record; everything longer in a file is damage. */
  static final int MAX_LENGTH = 16 << 20;

  static final int LENGTH_AT = 0;
  static final int CRC_AT = 4;
  static final int SEQUENCE_AT = 8;
  static final int TIME_AT = 16;
  static final int KIND_AT = 24;
  static final int PAYLOAD_LENGTH_AT = 28;

  private static final int CLOSED = Integer.MIN_VALUE;
  private static final int CLOSED_LENGTH_MASK = 0x0FFF_FFFF;

  private RecordFormat() {}

  /** A length rounded up to the alignment: how far the next record is away. */
  static int aligned(int length) {
    return (length + 7) & ~7;
  }

  /** Mixed into every checksum of one segment. */
  static int seed(StreamId stream, long segment) {
    ByteBuffer identity = ByteBuffer.allocate(StreamId.BYTES + Long.BYTES);
    stream.writeTo(identity);
    CRC32C crc = new CRC32C();
    crc.update(identity.putLong(segment).array());
    return (int) crc.getValue();
  }

  /** What stands in the length of a claim that was closed before it was finished. */
  static int closed(int length) {
    return CLOSED | length;
  }

  static boolean isClosed(int word) {
    return word < -MAX_LENGTH;
  }

  /** How long a closed or claimed record is. */
  static int lengthOfUnfinished(int word) {
    return isClosed(word) ? word & CLOSED_LENGTH_MASK : -word;
  }

  /** Kind, span and payload length as they stand from byte 24. */
  static long shape(int kind, int span, int payloadLength) {
    return ((long) kind << 56) | ((long) span << 32) | payloadLength;
  }

  static int kind(long shape) {
    return (int) (shape >>> 56);
  }

  static int span(long shape) {
    return (int) (shape >>> 32) & MAX_SPAN;
  }

  static int payloadLength(long shape) {
    return (int) shape;
  }

  /** A whole record, with its checksum and its length in place. */
  static byte[] encode(
      int seed, int length, long sequence, long micros, long shape, byte[] payload) {
    byte[] bytes = new byte[aligned(length)];
    ByteBuffer record = ByteBuffer.wrap(bytes);
    record.putLong(SEQUENCE_AT, sequence).putLong(TIME_AT, micros).putLong(KIND_AT, shape);
    record.put(HEADER, payload);
    record.putInt(CRC_AT, checksum(seed, bytes, length)).putInt(LENGTH_AT, length);
    return bytes;
  }

  /** The checksum of a record that begins at the array's first byte. */
  static int checksum(int seed, byte[] record, int length) {
    CRC32C crc = new CRC32C();
    crc.update(record, SEQUENCE_AT, length - SEQUENCE_AT);
    return (int) crc.getValue() ^ seed;
  }
}
