package dev.bitacora.agent.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A segment's file, read a window at a time. Not by a {@code FileChannel}: an interrupted thread
 * would close it.
 */
final class FileBytes implements AutoCloseable {
  /** One record is a look, many are worth reading ahead for. */
  private static final int FIRST_WINDOW = 4 << 10;

  private static final int LARGEST_WINDOW = 256 << 10;

  private final RandomAccessFile file;
  private byte[] window = new byte[0];
  private long start;
  private int filled;

  FileBytes(Path path) throws IOException {
    file = new RandomAccessFile(path.toFile(), "r");
  }

  /** Bytes there are. */
  long size() throws IOException {
    return file.length();
  }

  /** The length of the record at this offset. */
  int lengthAt(long offset) throws IOException {
    load(offset, Integer.BYTES);
    return ByteBuffer.wrap(window).getInt((int) (offset - start));
  }

  /** These bytes, until others are asked for. */
  ByteBuffer view(long offset, int count) throws IOException {
    load(offset, count);
    return ByteBuffer.wrap(window, (int) (offset - start), count).slice();
  }

  byte[] copy(long offset, int count) throws IOException {
    load(offset, count);
    int from = (int) (offset - start);
    return Arrays.copyOfRange(window, from, from + count);
  }

  /** Forgets what was read: the file may have grown. */
  void refresh() {
    filled = 0;
  }

  private void load(long offset, int count) throws IOException {
    if (offset >= start && offset + count <= start + filled) {
      return;
    }
    int wanted = Math.max(count, Math.min(LARGEST_WINDOW, 4 * window.length));
    if (wanted > window.length) {
      window = new byte[Math.max(wanted, FIRST_WINDOW)];
    }
    start = offset;
    filled = 0;
    file.seek(offset);
    for (int n = 0; n >= 0 && filled < window.length; filled += n) {
      n = file.read(window, filled, window.length - filled);
      if (n < 0) {
        break;
      }
    }
    if (filled < count) {
      throw new java.io.EOFException("offset " + offset + ": expected " + count + " bytes");
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      // nothing was written through it
    }
  }
}
