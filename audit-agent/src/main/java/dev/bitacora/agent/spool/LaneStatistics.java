package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * A lane's numbers in mapped memory, so that they can be read after the process has died:
 *
 * <pre>
 *  0 u8[8] "BITSTATS"
 *  8 u32 format version, 1
 * 12 u32 1 while the stream runs, 2 once its end was recorded
 * 16 u8[16] stream
 * 32 u64 the next record's sequence
 * 40 u64 accepted
 * 48 u64 refused
 * 56 u64 refused and not accounted for by a record yet
 * 64 u64 first such refusal, ms since 1970
 * 72 u64 last such refusal
 * 80 u64 process id
 * 88 u64 updated, ms since 1970
 * </pre>
 *
 * Safe for any thread; a reader may see numbers of two moments.
 */
final class LaneStatistics {
  private static final String FILE = "statistics";
  private static final byte[] MAGIC = "BITSTATS".getBytes(StandardCharsets.US_ASCII);
  private static final int BYTES = 128;
  private static final int VERSION = 1;
  private static final int RUNNING = 1;
  private static final int ENDED = 2;

  private final MappedByteBuffer memory;

  /**
   * What the file says.
   *
   * @param ended true if the stream's end was recorded
   * @param pending refused and not accounted for
   */
  record Snapshot(
      StreamId stream,
      boolean ended,
      long next,
      long accepted,
      long refused,
      long pending,
      long firstRefusal,
      long lastRefusal,
      long processId,
      long updatedMillis) {}

  /** Begins anew for this stream. */
  LaneStatistics(Path folder, StreamId stream) throws IOException {
    memory = Uninterrupted.perform(() -> zeros(folder.resolve(FILE)));
    memory.put(0, MAGIC).putInt(8, VERSION).putInt(12, RUNNING);
    memory.put(16, stream.toBytes()).putLong(80, ProcessHandle.current().pid());
  }

  private static MappedByteBuffer zeros(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(BYTES), 0);
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
    }
  }

  /** What the last process in this folder has left; empty when there was none. */
  static Optional<Snapshot> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer numbers = ByteBuffer.wrap(bytes);
    boolean isKnown =
        bytes.length == BYTES
            && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
            && numbers.getInt(8) == VERSION;
    return isKnown
        ? Optional.of(
            new Snapshot(
                StreamId.readFrom(ByteBuffer.wrap(bytes, 16, StreamId.BYTES)),
                numbers.getInt(12) == ENDED,
                numbers.getLong(32),
                numbers.getLong(40),
                numbers.getLong(48),
                numbers.getLong(56),
                numbers.getLong(64),
                numbers.getLong(72),
                numbers.getLong(80),
                numbers.getLong(88)))
        : Optional.empty();
  }

  /** Says that a record accounts for what the last process had refused. */
  static void accountedFor(Path folder) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve(FILE).toFile(), "rw")) {
      file.seek(56);
      file.writeLong(0);
      file.getFD().sync();
    }
  }

  void counted(long next, long accepted, long nowMillis) {
    memory.putLong(32, next).putLong(40, accepted).putLong(88, nowMillis);
  }

  void refused(Refusals refusals) {
    refusals.writeTo(memory, 48);
  }

  void ended() {
    memory.putInt(12, ENDED);
  }
}
