package dev.bitacora.agent.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** What a lane's spool does to its folder. Tests put a disk in its place that fails. */
class Disk {
  private static final byte[] ZEROS = new byte[64 << 10];

  private final Path folder;

  Disk(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /**
   * Makes a file of zeros. They are written, not skipped: where there is no room, this fails, and
   * not a thread in the middle of a store.
   */
  void allocate(Path file, long bytes) throws IOException {
    try (RandomAccessFile zeros = new RandomAccessFile(file.toFile(), "rw")) {
      for (long left = bytes; left > 0; left -= ZEROS.length) {
        zeros.write(ZEROS, 0, (int) Math.min(ZEROS.length, left));
      }
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  MappedByteBuffer map(Path file) throws IOException {
    return Uninterrupted.perform(() -> mapped(file));
  }

  private static MappedByteBuffer mapped(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
    }
  }

  RandomAccessFile open(Path file) throws IOException {
    return new RandomAccessFile(file.toFile(), "rw");
  }

  /** Returns when the file, its length and its name are on the disk. */
  void force(Path file) throws IOException {
    force(file, StandardOpenOption.WRITE);
    force(folder, StandardOpenOption.READ);
  }

  private static void force(Path path, StandardOpenOption access) throws IOException {
    var unused =
        Uninterrupted.perform(
            () -> {
              try (FileChannel channel = FileChannel.open(path, access)) {
                channel.force(true);
                return path;
              }
            });
  }

  /** Returns when so much of what is mapped is on the disk. */
  void force(MappedByteBuffer memory, long bytes) throws IOException {
    try {
      memory.force(0, (int) bytes);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Gives the room back at once, also while the file is still mapped somewhere. */
  void discard(Path file) throws IOException {
    if (Files.exists(file)) {
      try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
        content.setLength(0);
      }
      Files.delete(file);
    }
  }

  /** Removes the name; the room comes back when the last mapping is gone. */
  void unlink(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** The lane's segments, in order. */
  List<SegmentName> segments() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.flatMap(file -> SegmentName.parse(file).stream()).sorted().toList();
    }
  }
}
