package dev.bitacora.agent.spool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A segment that an earlier process has left behind. */
final class StoredSegment implements HeldSegment {
  private static final int CHUNK = 64 << 10;
  private static final byte[] ZEROS = new byte[CHUNK];

  private final SegmentName name;
  private final Path file;

  StoredSegment(SegmentName name, Path folder) {
    this.name = name;
    this.file = name.in(folder);
  }

  @Override
  public SegmentName name() {
    return name;
  }

  Path file() {
    return file;
  }

  @Override
  public long used() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public SegmentReader reader(long offset) throws IOException {
    FileBytes bytes = new FileBytes(file);
    if (bytes.size() >= SegmentHeader.BYTES
        && SegmentHeader.isNewer(bytes.copy(0, SegmentHeader.BYTES))) {
      bytes.close();
      throw new IOException(
          file + ": written by a newer version of the agent; deliver it with that version");
    }
    return StoredReader.of(bytes, name, Math.max(offset, SegmentHeader.BYTES));
  }

  /** True for a spare: zeros from the first byte to the last. */
  boolean isBlank() throws IOException {
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        if (!Arrays.equals(chunk, 0, n, ZEROS, 0, n)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The header, unless it is a spare's or damaged. */
  Optional<SegmentHeader> header() throws IOException {
    try (FileBytes bytes = new FileBytes(file)) {
      return bytes.size() < SegmentHeader.BYTES
          ? Optional.empty()
          : SegmentHeader.decode(bytes.copy(0, SegmentHeader.BYTES));
    }
  }

  @Override
  public void close() {
    // opened for reading only
  }
}
