package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Keeps a lane's watermark. Two places are written in turn, so that a power cut in the middle of
 * one leaves the other:
 *
 * <pre>
 *  0 u64 counter, the higher one is valid
 *  8 u8[16] stream
 * 24 u64 segment
 * 32 u64 offset
 * 40 i64 sequence
 * 48 u8[32] link
 * 80 u32 format version, 1
 * 84 u32 CRC-32C of bytes 0…84
 * </pre>
 *
 * One thread writes.
 */
final class WatermarkFile implements AutoCloseable {
  private static final int SLOT = 128;
  private static final int BYTES = 88;
  private static final int VERSION_AT = 80;
  private static final int CRC_AT = 84;
  private static final int VERSION = 1;

  private final RandomAccessFile file;
  private long counter;

  WatermarkFile(Path path) throws IOException {
    file = new RandomAccessFile(path.toFile(), "rw");
    counter = Math.max(counterIn(place(file, 0)), counterIn(place(file, 1)));
  }

  /** What the file says; empty when there is none, or none that is whole. */
  static Optional<Watermark> read(Path path) throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      byte[] first = place(file, 0);
      byte[] second = place(file, 1);
      byte[] newer = counterIn(first) > counterIn(second) ? first : second;
      return counterIn(newer) == 0 ? Optional.empty() : Optional.of(decode(newer));
    }
  }

  void write(Watermark watermark) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).putLong(++counter);
    watermark.stream().writeTo(bytes);
    bytes.putLong(watermark.segment()).putLong(watermark.offset()).putLong(watermark.sequence());
    bytes.put(watermark.link().toBytes()).putInt(VERSION);
    bytes.putInt(crc(bytes.array()));
    file.seek((counter & 1) * SLOT);
    file.write(bytes.array());
  }

  void force() throws IOException {
    file.getFD().sync();
  }

  private static byte[] place(RandomAccessFile file, int index) throws IOException {
    byte[] bytes = new byte[BYTES];
    if (file.length() >= (long) index * SLOT + BYTES) {
      file.seek((long) index * SLOT);
      file.readFully(bytes);
    }
    return bytes;
  }

  /** Zero for a place that is not valid. */
  private static long counterIn(byte[] place) {
    ByteBuffer bytes = ByteBuffer.wrap(place);
    return bytes.getInt(CRC_AT) == crc(place) ? bytes.getLong(0) : 0;
  }

  private static Watermark decode(byte[] place) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(place);
    if (bytes.getInt(VERSION_AT) > VERSION) {
      throw new IOException(
          "the watermark was written by a newer version of the agent; use that version");
    }
    bytes.position(Long.BYTES);
    StreamId stream = StreamId.readFrom(bytes);
    return new Watermark(
        stream, bytes.getLong(), bytes.getLong(), bytes.getLong(), ChainLink.readFrom(bytes));
  }

  private static int crc(byte[] place) {
    CRC32C crc = new CRC32C();
    crc.update(place, 0, CRC_AT);
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      // each write was one system call
    }
  }
}
