package dev.bitacora.collector.deadletter;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Which dead letters of a folder are closed. Losing an entry opens its letter again, which is
 * harmless, so an entry that is torn or damaged is passed over.
 *
 * <pre>
 * closed
 *   0 "BTDLC" ‖ 0 ‖ 0 ‖ u8 format version 1
 *   8 entries of 28 bytes, big-endian:
 *     u32 number of the letter's file ‖ u64 its byte there
 *     ‖ i64 when it was closed, ms since 1970 ‖ u32 1 stored, 2 parked again
 *     ‖ u32 CRC-32C of the 24 bytes before
 * </pre>
 */
final class ClosedFile {
  private static final Magic MAGIC = new Magic("BTDLC", "closed dead letters");
  private static final int ENTRY = 28;
  private static final int CHECKED = ENTRY - Integer.BYTES;

  private final Path file;

  ClosedFile(Path folder) {
    this.file = folder.resolve("closed");
  }

  /** The letters that are closed now. */
  LetterSet read() throws IOException {
    LetterSet closed = new LetterSet();
    if (!isBegun()) {
      return closed;
    }
    try (InputStream in = Files.newInputStream(file);
        DataInputStream data = new DataInputStream(new java.io.BufferedInputStream(in))) {
      MAGIC.read(file, data);
      for (byte[] entry = data.readNBytes(ENTRY);
          entry.length == ENTRY;
          entry = data.readNBytes(ENTRY)) {
        add(entry, closed);
      }
    }
    return closed;
  }

  private static void add(byte[] bytes, LetterSet closed) {
    ByteBuffer entry = ByteBuffer.wrap(bytes);
    if (checksum(bytes) == entry.getInt(CHECKED)) {
      closed.add(new DeadLetterId(entry.getInt(), entry.getLong()));
    }
  }

  /** Adds entries and returns when they are on disk. */
  void append(List<Closing> closings) throws IOException {
    boolean isBegun = isBegun();
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      if (!isBegun) {
        out.setLength(0);
        out.write(MAGIC.bytes());
      }
      out.seek(endOfEntries(out.length()));
      out.write(entries(closings));
      out.getFD().sync();
    }
    if (!isBegun) {
      DeadLetterFiles.force(file.getParent());
    }
  }

  /** The first bytes may be torn, too; without entries nothing is lost. */
  private boolean isBegun() throws IOException {
    return Files.exists(file) && Files.size(file) >= Magic.BYTES;
  }

  /** Half an entry at the end is written over. */
  private static long endOfEntries(long length) {
    return length - (length - Magic.BYTES) % ENTRY;
  }

  private static byte[] entries(List<Closing> closings) {
    byte[] entries = new byte[closings.size() * ENTRY];
    for (int i = 0; i < closings.size(); i++) {
      System.arraycopy(entry(closings.get(i)), 0, entries, i * ENTRY, ENTRY);
    }
    return entries;
  }

  private static byte[] entry(Closing closing) {
    byte[] bytes = new byte[ENTRY];
    ByteBuffer.wrap(bytes)
        .putInt(closing.letter().part())
        .putLong(closing.letter().position())
        .putLong(closing.at().toEpochMilli())
        .putInt(closing.resolution().code());
    ByteBuffer.wrap(bytes).putInt(CHECKED, checksum(bytes));
    return bytes;
  }

  private static int checksum(byte[] entry) {
    CRC32C crc = new CRC32C();
    crc.update(entry, 0, CHECKED);
    return (int) crc.getValue();
  }
}
