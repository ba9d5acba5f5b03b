package dev.bitacora.agent.spool;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;

/** Makes spares of one kind. */
enum SegmentSource {
  /** In mapped memory. */
  MAPPED {
    @Override
    Segment make(Disk disk, SegmentName name, int bytes) throws IOException {
      Path file = name.in(disk.folder());
      disk.allocate(file, bytes);
      MappedByteBuffer memory = disk.map(file);
      MappedSegment segment = new MappedSegment(disk, name, memory);
      segment.touch();
      return segment;
    }
  },

  /** One system call for each record. */
  APPENDED {
    @Override
    Segment make(Disk disk, SegmentName name, int bytes) throws IOException {
      Path file = name.in(disk.folder());
      disk.allocate(file, bytes);
      return new FileSegment(disk, name, disk.open(file), bytes);
    }
  };

  /** A spare whose room on the disk is taken. */
  abstract Segment make(Disk disk, SegmentName name, int bytes) throws IOException;
}
