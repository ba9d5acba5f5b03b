package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A look at a lane's folder that changes nothing and locks nothing; the component may run
 * meanwhile.
 */
public final class StoredLane {
  private final Path folder;

  private StoredLane(Path folder) {
    this.folder = folder;
  }

  /** Every lane of every slot below a spool's root, in order. */
  public static List<StoredLane> below(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      throw new IOException(root + " is no folder; give the spool's with --spool-dir");
    }
    try (Stream<Path> folders = Files.walk(root, 3)) {
      return folders
          .filter(folder -> root.relativize(folder).getNameCount() == 3)
          .filter(Files::isDirectory)
          .filter(folder -> folder.endsWith("audit") || folder.endsWith("log"))
          .sorted()
          .map(StoredLane::new)
          .toList();
    }
  }

  public Path folder() {
    return folder;
  }

  /** {@code component@environment}. */
  public String component() {
    return folder.getParent().getParent().getFileName().toString();
  }

  /** {@code slot-0}. */
  public String slot() {
    return folder.getParent().getFileName().toString();
  }

  /** {@code audit} or {@code log}. */
  public String name() {
    return folder.getFileName().toString();
  }

  /** The process that uses it, if it lives on this machine. */
  public Optional<Long> process() throws IOException {
    return LaneStatistics.read(folder)
        .map(LaneStatistics.Snapshot::processId)
        .filter(id -> ProcessHandle.of(id).isPresent());
  }

  /**
   * What was found.
   *
   * @param records that wait to be delivered, or all
   * @param oldest when the first of them was accepted
   * @param missing numbers between them that hold no record
   * @param refused records of the last process that no record accounts for yet
   */
  public record Contents(
      long records, long bytes, Optional<Instant> oldest, List<Missing> missing, long refused) {
    public Contents {
      missing = List.copyOf(missing);
    }
  }

  /** Numbers of a stream without a record; the segment is where they should stand. */
  public record Missing(StreamId stream, long first, long last, Path segment) {}

  /** What waits to be delivered; each record goes to the consumer, in order. */
  public Contents undelivered(Consumer<SpooledRecord> consumer) throws IOException {
    Optional<Watermark> delivered = WatermarkFile.read(folder.resolve("watermark"));
    return scan(delivered, consumer);
  }

  /** Everything in the files, delivered or not. */
  public Contents all() throws IOException {
    return scan(Optional.empty(), record -> {});
  }

  private Contents scan(Optional<Watermark> behind, Consumer<SpooledRecord> consumer)
      throws IOException {
    Scan scan = new Scan(behind, consumer);
    for (SegmentName name : new Disk(folder).segments()) {
      if (behind.filter(w -> name.number() < w.segment()).isEmpty()) {
        scan.segment(new StoredSegment(name, folder), behind);
      }
    }
    long refused = LaneStatistics.read(folder).map(LaneStatistics.Snapshot::pending).orElse(0L);
    return new Contents(scan.records, scan.bytes, scan.oldest, scan.missing, refused);
  }

  /** Where a scan is and what it has found. */
  private static final class Scan {
    private final Consumer<SpooledRecord> consumer;
    private final List<Missing> missing = new ArrayList<>();
    private Optional<Instant> oldest = Optional.empty();
    private StreamId stream;
    private long expected;
    private long records;
    private long bytes;

    Scan(Optional<Watermark> behind, Consumer<SpooledRecord> consumer) {
      this.consumer = consumer;
      this.stream = behind.map(Watermark::stream).orElse(StreamId.NONE);
      this.expected = behind.map(w -> w.sequence() + 1).orElse(0L);
    }

    void segment(StoredSegment segment, Optional<Watermark> behind) throws IOException {
      StreamId of = segment.name().stream();
      if (!of.equals(stream)) {
        stream = of;
        expected = behind.isPresent() ? 0 : segment.header().map(SegmentHeader::base).orElse(0L);
      }
      long offset =
          behind
              .filter(w -> w.segment() == segment.name().number())
              .map(Watermark::offset)
              .orElse(0L);
      try (SegmentReader reader = segment.reader(offset)) {
        for (var next = reader.next(expected); next.isPresent(); next = reader.next(expected)) {
          take(next.get(), segment);
        }
      }
    }

    private void take(SpooledRecord record, StoredSegment segment) {
      if (record.first() > expected) {
        missing.add(new Missing(stream, expected, record.first() - 1, segment.file()));
      }
      if (records == 0) {
        oldest = Optional.of(Instant.ofEpochMilli(record.acceptedMicros() / 1000));
      }
      expected = record.sequence() + 1;
      records++;
      bytes += record.value().length;
      consumer.accept(record);
    }
  }
}
