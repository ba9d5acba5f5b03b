package dev.bitacora.collector.deadletter;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the frames of one file in order, up to a byte. Confined to one thread. */
final class FrameReader implements Closeable {
  private final DataInputStream in;
  private final long size;
  private long position;

  /**
   * Opens the file.
   *
   * @param size what lies behind it is not looked at
   */
  FrameReader(Path file, long size) throws IOException {
    this.size = size;
    in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
    try {
      position = DeadLetterFiles.MAGIC.read(file, in);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** Where the next frame begins; behind the last good one, its end. */
  long position() {
    return position;
  }

  boolean isAtEnd() {
    return position >= size;
  }

  /** The next frame's body; empty at the end, and where a frame is torn or damaged. */
  Optional<byte[]> next() throws IOException {
    if (isAtEnd()) {
      return Optional.empty();
    }
    Optional<byte[]> body = body();
    body.ifPresent(bytes -> position += DeadLetterFrame.HEADER + bytes.length);
    return body;
  }

  private Optional<byte[]> body() throws IOException {
    try {
      int length = in.readInt();
      int checksum = in.readInt();
      if (length <= 0 || length > size - position - DeadLetterFrame.HEADER) {
        return Optional.empty();
      }
      byte[] body = in.readNBytes(length);
      return DeadLetterFrame.checksum(body) == checksum ? Optional.of(body) : Optional.empty();
    } catch (EOFException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
