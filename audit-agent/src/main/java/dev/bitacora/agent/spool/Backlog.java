package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A lane's folder with the segments whose records are not delivered: those of earlier processes,
 * and those that are added. Safe for any thread; {@link #removeDelivered} and {@link #close} are
 * the owner's.
 */
final class Backlog implements Undelivered {
  private static final String QUARANTINE = "quarantine";

  private final Disk disk;
  private final GapRecords gapRecords;
  private final Consumer<String> reports;
  private final WatermarkFile watermarkFile;
  private final GapFile gaps;

  /**
   * In ascending order. A caller that rolls adds one, too seldom for the code to be compiled soon:
   * it has to be short.
   */
  private final List<Held> held = new CopyOnWriteArrayList<>();

  private final List<DiskCursor> cursors = new CopyOnWriteArrayList<>();
  private final Optional<LaneStatistics.Snapshot> before;
  private final long nextNumber;
  private volatile Watermark watermark;

  /** Under the number that it had when it was added: one that is removed may get another. */
  private record Held(long number, HeldSegment segment) {
    static Held of(HeldSegment segment) {
      return new Held(segment.name().number(), segment);
    }
  }

  /** Finds what earlier processes have left; their spares hold nothing and go. */
  Backlog(Disk disk, GapRecords gapRecords, Consumer<String> reports) throws IOException {
    this.disk = disk;
    this.gapRecords = gapRecords;
    this.reports = reports;
    Files.createDirectories(disk.folder());
    Path path = disk.folder().resolve("watermark");
    Optional<Watermark> known = WatermarkFile.read(path);
    long delivered = known.map(Watermark::segment).orElse(0L);
    long highest = delivered;
    for (SegmentName name : disk.segments()) {
      highest = Math.max(highest, name.number());
      StoredSegment segment = new StoredSegment(name, disk.folder());
      if (name.number() < delivered || segment.isBlank()) {
        disk.discard(segment.file());
      } else {
        held.add(Held.of(segment));
      }
    }
    nextNumber = highest + 1;
    watermarkFile = new WatermarkFile(path);
    gaps = new GapFile(disk.folder().resolve("gaps"));
    watermark = known.orElseGet(this::beginning);
    before = LaneStatistics.read(disk.folder());
    if (before.filter(p -> p.pending() > 0).isPresent()) {
      accountForRefusalsOf(before.get());
    }
  }

  /** What a dead process has refused is accounted for at the end of its stream. */
  private void accountForRefusalsOf(LaneStatistics.Snapshot dead) throws IOException {
    long first = lastSequenceOf(dead) + 1;
    long last = first + dead.pending() - 1;
    byte[] unused =
        gaps.of(
            dead.stream(),
            first,
            last,
            (from, to) ->
                gapRecords.dropped(
                    dead.stream(),
                    from,
                    to,
                    Instant.ofEpochMilli(dead.firstRefusal()),
                    Instant.ofEpochMilli(dead.lastRefusal()),
                    "refused by a process that ended before it could say so"));
    LaneStatistics.accountedFor(disk.folder());
  }

  private long lastSequenceOf(LaneStatistics.Snapshot of) throws IOException {
    return of.ended() ? of.next() - 1 : lastSequenceOf(of.stream());
  }

  /** The stream that the last process in this folder had. */
  Optional<Predecessor> predecessor() {
    return before.map(
        dead -> {
          long last;
          try {
            last = lastSequenceOf(dead);
          } catch (IOException e) { // delivered and removed meanwhile
            last = dead.next() - 1;
          }
          return new Predecessor(dead.stream(), last, dead.ended());
        });
  }

  /** Where delivery begins when no watermark says it. */
  private Watermark beginning() {
    if (held.isEmpty()) {
      return new Watermark(StreamId.NONE, 0, 0, -1, ChainLink.ZERO);
    }
    StoredSegment first = (StoredSegment) held.get(0).segment();
    long base = 0;
    try {
      base = first.header().map(SegmentHeader::base).orElse(0L);
    } catch (IOException e) {
      report(first.file() + " cannot be read: " + e.getMessage());
    }
    return new Watermark(first.name().stream(), first.name().number(), 0, base - 1, ChainLink.ZERO);
  }

  /** The first segment number that no earlier process has used. */
  long nextNumber() {
    return nextNumber;
  }

  /** Its number is higher than those of all others. */
  void add(Segment segment) {
    held.add(Held.of(segment));
  }

  private void remove(HeldSegment segment) {
    held.removeIf(one -> one.segment() == segment);
  }

  /** Those from this number on. */
  private Stream<HeldSegment> heldFrom(long number) {
    return held.stream().filter(one -> one.number() >= number).map(Held::segment);
  }

  @Override
  public Durability durability() {
    return Durability.PROCESS;
  }

  @Override
  public SpoolCursor cursor() {
    return cursorBehind(watermark);
  }

  SpoolCursor cursorBehind(Watermark place) {
    DiskCursor cursor = new DiskCursor(this, place);
    cursors.add(cursor);
    return cursor;
  }

  void forget(DiskCursor cursor) {
    cursors.remove(cursor);
  }

  @Override
  public Watermark watermark() {
    return watermark;
  }

  @Override
  public void acknowledge(Watermark delivered) {
    watermark = delivered;
    try {
      watermarkFile.write(delivered);
    } catch (IOException e) {
      report("the watermark cannot be written: " + e.getMessage() + "; some may be sent again");
    }
  }

  /** Goes to the first held segment from this number on, which is not shed from then on. */
  synchronized Optional<HeldSegment> enter(DiskCursor cursor, long number) {
    Optional<HeldSegment> next = heldFrom(number).findFirst();
    next.ifPresent(segment -> cursor.at(segment.name().number()));
    return next;
  }

  List<HeldSegment> segments() {
    return held.stream().map(Held::segment).toList();
  }

  /** The segments that this process has added, from this number on. */
  List<Segment> ownFrom(long number) {
    return heldFrom(number).filter(Segment.class::isInstance).map(Segment.class::cast).toList();
  }

  /** The record that stands for numbers that are missing. */
  byte[] lost(StreamId stream, long first, long last) throws IOException {
    return gaps.of(stream, first, last, (from, to) -> gapRecords.lost(stream, from, to));
  }

  /** The last number of the gap that begins here and has a record already. */
  Optional<Long> knownGap(StreamId stream, long first) {
    return gaps.lastOf(stream, first);
  }

  /** The last number of a stream whose process has ended; -1 when nothing is known of it. */
  long lastSequenceOf(StreamId stream) throws IOException {
    long last = watermark.stream().equals(stream) ? watermark.sequence() : -1;
    Optional<HeldSegment> latest = Optional.empty();
    for (HeldSegment segment : segments()) {
      boolean mayHold = segment.name().stream().equals(stream) && segment.used() > 0;
      if (mayHold && hasRecord(segment)) {
        latest = Optional.of(segment);
      }
    }
    if (latest.isPresent()) {
      try (SegmentReader reader = latest.get().reader(0)) {
        for (var r = reader.next(0); r.isPresent(); r = reader.next(last + 1)) {
          last = Math.max(last, r.get().sequence());
        }
      }
    }
    return last;
  }

  private static boolean hasRecord(HeldSegment segment) throws IOException {
    try (SegmentReader reader = segment.reader(0)) {
      return reader.next(0).isPresent();
    }
  }

  /** Puts a segment aside that cannot be read; its numbers will be missing, and said to be lost. */
  void quarantine(HeldSegment segment, IOException reason) {
    remove(segment);
    Path folder = disk.folder().resolve(QUARANTINE);
    Path file = segment.name().in(disk.folder());
    try {
      Files.createDirectories(folder);
      disk.rename(file, segment.name().in(folder));
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
    report(file + " cannot be read and was moved to " + folder + ": " + reason.getMessage());
  }

  void report(String line) {
    reports.accept("spool: " + line);
  }

  /**
   * Lets go of the segments that are delivered; the watermark that says so is on the disk first.
   */
  void removeDelivered(Removal removal) {
    long needed = watermark.segment();
    for (DiskCursor cursor : cursors) {
      needed = Math.min(needed, cursor.segment());
    }
    long first = needed;
    List<HeldSegment> done =
        held.stream().filter(one -> one.number() < first).map(Held::segment).toList();
    if (done.isEmpty()) {
      return;
    }
    try {
      watermarkFile.force();
      for (HeldSegment segment : done) {
        remove(segment);
        removal.remove(segment);
      }
    } catch (IOException e) {
      report("what is delivered cannot be removed: " + e.getMessage());
    }
  }

  /**
   * Gives up the oldest segment that no reader has come to and nobody writes; a record that says so
   * takes its place. The last one stays though it be full: the stream goes on from its end. No
   * reader goes on meanwhile.
   *
   * @return how many records it held
   */
  synchronized long shedOldest(Removal removal, String reason) {
    long inUse = watermark.segment();
    for (DiskCursor cursor : cursors) {
      inUse = Math.max(inUse, cursor.segment());
    }
    List<HeldSegment> others = heldFrom(inUse + 1).toList();
    for (HeldSegment segment : others.subList(0, Math.max(0, others.size() - 1))) {
      if (segment instanceof Segment own && own.end().isPresent() && own.end().get() > own.base()) {
        return shed(own, removal, reason);
      }
    }
    return 0;
  }

  private long shed(Segment segment, Removal removal, String reason) {
    long first = segment.base();
    long last = segment.end().orElseThrow() - 1;
    try {
      byte[] unused =
          gaps.of(
              segment.name().stream(),
              first,
              last,
              (from, to) ->
                  gapRecords.dropped(
                      segment.name().stream(), from, to, Instant.now(), Instant.now(), reason));
      remove(segment);
      removal.remove(segment);
      return last - first + 1;
    } catch (IOException e) {
      report("the oldest records cannot be shed: " + e.getMessage());
      return 0;
    }
  }

  /** What becomes of a segment that is delivered. */
  @FunctionalInterface
  interface Removal {
    void remove(HeldSegment segment) throws IOException;
  }

  void discard(HeldSegment segment) throws IOException {
    if (segment instanceof Segment own) {
      own.discard();
    } else {
      segment.close();
      disk.discard(segment.name().in(disk.folder()));
    }
  }

  long bytes() {
    Watermark delivered = watermark;
    long bytes = 0;
    for (HeldSegment segment : heldFrom(delivered.segment()).toList()) {
      boolean isPartly = segment.name().number() == delivered.segment();
      long from = isPartly ? delivered.offset() : 0;
      bytes += Math.max(0, segment.used() - Math.max(from, SegmentHeader.BYTES));
    }
    return bytes;
  }

  /** How long the next record has been waiting. Takes no lock. */
  Duration oldestAge(long nowMillis) {
    Watermark delivered = watermark;
    for (HeldSegment segment : heldFrom(delivered.segment()).toList()) {
      boolean isPartly = segment.name().number() == delivered.segment();
      Optional<SpooledRecord> oldest = look(segment, isPartly ? delivered.offset() : 0);
      if (oldest.isPresent()) {
        return Duration.ofMillis(Math.max(0, nowMillis - oldest.get().acceptedMicros() / 1000));
      }
    }
    return Duration.ZERO;
  }

  /**
   * The first record from this offset on of a segment that is not kept for whoever looks. From its
   * file: when that is cut to nothing meanwhile, reading it fails, where reading mapped memory ends
   * the process.
   */
  private Optional<SpooledRecord> look(HeldSegment segment, long offset) {
    SegmentName name = segment.name();
    long from = Math.max(offset, SegmentHeader.BYTES);
    long end = segment.used();
    if (from >= end) {
      return Optional.empty();
    }
    Path file = name.in(disk.folder());
    try (SegmentReader reader =
        new StoredReader(new FileBytes(file), name, from, () -> end, () -> true)) {
      return reader.next(0);
    } catch (IOException e) { // delivered and removed meanwhile
      return Optional.empty();
    }
  }

  /** True when earlier processes have left no record; asked before anything is removed. */
  boolean isEmpty() {
    try (DiskCursor cursor = new DiskCursor(this, watermark)) {
      return cursor.peek().isEmpty();
    }
  }

  /** Gives the files back; with nothing left to deliver they go. */
  void close(boolean isDelivered) throws IOException {
    watermarkFile.force();
    watermarkFile.close();
    for (HeldSegment segment : segments()) {
      if (isDelivered) {
        discard(segment);
      } else {
        segment.close();
      }
    }
    if (isDelivered) {
      gaps.clear();
    }
  }
}
