package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The records that stand for numbers whose own records are missing. Each is on the disk before it
 * is first sent, so that whoever sends it again sends the same bytes. The file is a sequence of
 * {@code stream[16] ‖ record}; it is removed when nothing is left to send. Safe for any thread.
 */
final class GapFile {
  private final Path path;

  /** What is on the disk; asked without waiting for a disk. */
  private final Map<Gap, byte[]> known = new ConcurrentHashMap<>();

  /**
   * Behind the last whole entry; what a dying process may have left there is written over. Guarded
   * by this.
   */
  private long end;

  GapFile(Path path) throws IOException {
    this.path = path;
    if (Files.exists(path)) {
      load(ByteBuffer.wrap(Files.readAllBytes(path)));
    }
  }

  private record Gap(StreamId stream, long first, long last) {}

  /** Writes the bytes of a record for a gap that is met for the first time. */
  @FunctionalInterface
  interface Writer {
    byte[] write(long first, long last);
  }

  /** The bytes that stand for this range, always the same. */
  byte[] of(StreamId stream, long first, long last, Writer writer) throws IOException {
    Gap gap = new Gap(stream, first, last);
    byte[] bytes = known.get(gap);
    return bytes != null ? bytes : write(gap, writer);
  }

  private synchronized byte[] write(Gap gap, Writer writer) throws IOException {
    byte[] bytes = known.get(gap); // somebody else may have been faster
    if (bytes == null) {
      bytes = writer.write(gap.first, gap.last);
      keep(gap, bytes);
      known.put(gap, bytes);
    }
    return bytes;
  }

  /** A gap of this stream that begins here, if one is known. */
  Optional<Long> lastOf(StreamId stream, long first) {
    return known.keySet().stream()
        .filter(gap -> gap.stream().equals(stream) && gap.first() == first)
        .map(Gap::last)
        .findFirst();
  }

  synchronized void clear() throws IOException {
    known.clear();
    end = 0;
    Files.deleteIfExists(path);
  }

  private void keep(Gap gap, byte[] bytes) throws IOException {
    int length = RecordFormat.HEADER + bytes.length;
    // The span field holds 16 bits; here the first number stands where other records have a time.
    long shape = RecordFormat.shape(RecordKind.CONTROL.code(), 1, bytes.length);
    byte[] record =
        RecordFormat.encode(
            RecordFormat.seed(gap.stream, 0), length, gap.last, gap.first, shape, bytes);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      byte[] entry = new byte[StreamId.BYTES + record.length];
      ByteBuffer filling = ByteBuffer.wrap(entry);
      gap.stream.writeTo(filling);
      filling.put(record);
      file.setLength(end);
      file.seek(end);
      file.write(entry);
      file.getFD().sync();
      end += entry.length;
    }
  }

  private void load(ByteBuffer file) {
    while (file.remaining() >= StreamId.BYTES + RecordFormat.HEADER) {
      StreamId stream = StreamId.readFrom(file);
      int length = file.getInt(file.position());
      if (length < RecordFormat.HEADER || RecordFormat.aligned(length) > file.remaining()) {
        return;
      }
      byte[] bytes = new byte[length];
      file.get(file.position(), bytes);
      Optional<SpooledRecord> record =
          Records.read(
              ByteBuffer.wrap(bytes), RecordFormat.seed(stream, 0), new SegmentName(0, stream), 0);
      if (record.isEmpty()) {
        return;
      }
      Gap gap = new Gap(stream, record.get().acceptedMicros(), record.get().sequence());
      known.put(gap, record.get().value());
      file.position(file.position() + RecordFormat.aligned(length));
      end = file.position();
    }
  }
}
