package dev.bitacora.agent.spool;

import java.io.IOException;
import java.nio.file.Path;

/** Makes spares of one kind. */
enum SegmentSource {
  /** In mapped memory. */
  MAPPED {
    @Override
    Segment open(Disk disk, SegmentName name, Path file, int bytes) throws IOException {
      MappedSegment segment = new MappedSegment(disk, name, disk.map(file));
      segment.touch(0, bytes);
      return segment;
    }
  },

  /** One system call for each record. */
  APPENDED {
    @Override
    Segment open(Disk disk, SegmentName name, Path file, int bytes) throws IOException {
      return new FileSegment(disk, name, disk.open(file), bytes);
    }
  };

  abstract Segment open(Disk disk, SegmentName name, Path file, int bytes) throws IOException;

  /** A spare whose room on the disk is taken; when that cannot be, nothing is left of its file. */
  Segment make(Disk disk, SegmentName name, int bytes) throws IOException {
    Path file = name.in(disk.folder());
    disk.allocate(file, bytes);
    try {
      return open(disk, name, file, bytes);
    } catch (IOException | RuntimeException | Error e) {
      disk.unlink(file);
      throw e;
    }
  }
}
