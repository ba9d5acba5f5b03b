package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a segment in use, big-endian; zeros in a spare.
 *
 * <pre>
 *  0 u8[8] "BITSPOOL"
 *  8 u32   format version, 1
 * 12 u32   zero
 * 16 u8[16] stream
 * 32 u64   segment number
 * 40 u64   base sequence, the first record's
 * 48 u64   created, ms since 1970; as a spare
 * 56 u32   zero
 * 60 u32   CRC-32C of bytes 0…60
 * </pre>
 */
record SegmentHeader(SegmentName name, long base, long createdMillis) {
  static final int BYTES = 64;
  static final int VERSION = 1;

  private static final byte[] MAGIC = "BITSPOOL".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION_AT = 8;
  private static final int BASE_AT = 40;
  private static final int CRC_AT = 60;

  ByteBuffer encode() {
    ByteBuffer header = ByteBuffer.allocate(BYTES);
    header.put(MAGIC).putInt(VERSION).putInt(0);
    name.stream().writeTo(header);
    header.putLong(name.number()).putLong(base).putLong(createdMillis).putInt(0);
    header.putInt(crc(header.array()));
    return header.flip();
  }

  /** Puts another base sequence into an encoded header. */
  static void rebase(byte[] header, long base) {
    ByteBuffer bytes = ByteBuffer.wrap(header).putLong(BASE_AT, base);
    bytes.putInt(CRC_AT, crc(header));
  }

  /** Empty for a spare's zeros and for damage. */
  static Optional<SegmentHeader> decode(byte[] bytes) {
    ByteBuffer header = ByteBuffer.wrap(bytes);
    if (!hasMagic(bytes) || header.getInt(CRC_AT) != crc(bytes)) {
      return Optional.empty();
    }
    header.position(16);
    StreamId stream = StreamId.readFrom(header);
    return Optional.of(
        new SegmentHeader(
            new SegmentName(header.getLong(), stream), header.getLong(), header.getLong()));
  }

  /** True for a segment that a later version of the agent has written. */
  static boolean isNewer(byte[] bytes) {
    return hasMagic(bytes)
        && ByteBuffer.wrap(bytes).getInt(VERSION_AT) > VERSION
        && ByteBuffer.wrap(bytes).getInt(CRC_AT) == crc(bytes);
  }

  private static boolean hasMagic(byte[] bytes) {
    return bytes.length >= BYTES && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  private static int crc(byte[] header) {
    CRC32C crc = new CRC32C();
    crc.update(header, 0, CRC_AT);
    return (int) crc.getValue();
  }
}
