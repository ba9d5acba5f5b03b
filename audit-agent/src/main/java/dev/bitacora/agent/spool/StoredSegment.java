package dev.bitacora.agent.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A segment that an earlier process has left behind. */
final class StoredSegment implements HeldSegment {
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
