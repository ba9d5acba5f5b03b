package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A lane's spool on a disk: records stand in segments, which are files, until they are delivered.
 * It survives the death of the process; the next process in the same folder delivers what is left.
 *
 * <p>Appending takes no lock while the segment has room. Somebody must call {@link #tend} often: it
 * makes room ahead, forces, and removes what is delivered.
 */
public final class DiskSpool implements Spool {
  /** How long an append waits for a spare that is being made. */
  private static final long MAKING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final String QUARANTINE = "quarantine";

  private final Disk disk;
  private final StreamId stream;
  private final Durability durability;
  private final SpoolLimits limits;
  private final GapRecords gapRecords;
  private final Clock clock;
  private final Consumer<String> reports;
  private final Supply supply;
  private final WatermarkFile watermarkFile;
  private final GapFile gaps;
  private final Refusals refusals = new Refusals();
  private final LongAdder accepted = new LongAdder();
  private final NavigableMap<Long, HeldSegment> held = new ConcurrentSkipListMap<>();
  private final List<DiskCursor> cursors = new CopyOnWriteArrayList<>();
  private final Queue<CompletableFuture<Void>> waitingForDisk = new ConcurrentLinkedQueue<>();
  private final Object rolling = new Object();

  private volatile Segment active;
  private volatile Watermark watermark;
  private volatile boolean closed;
  private volatile boolean released;
  private volatile Thread janitor;

  // The janitor's alone.
  private long forcedThrough;
  private String reportedTrouble = "";

  DiskSpool(
      Disk disk,
      StreamId stream,
      SegmentSource source,
      SpoolLimits limits,
      GapRecords gapRecords,
      Clock clock,
      Consumer<String> reports)
      throws IOException {
    this.disk = disk;
    this.stream = stream;
    this.durability = Durability.PROCESS;
    this.limits = limits;
    this.gapRecords = gapRecords;
    this.clock = clock;
    this.reports = reports;
    Files.createDirectories(disk.folder());
    Path watermarkPath = disk.folder().resolve("watermark");
    Optional<Watermark> known = WatermarkFile.read(watermarkPath);
    long firstNumber = findWhatIsLeft(known);
    supply = new Supply(disk, stream, source, limits, firstNumber);
    watermarkFile = new WatermarkFile(watermarkPath);
    gaps = new GapFile(disk.folder().resolve("gaps"));
    active = supply.make();
    active.activate(0);
    held.put(active.name().number(), active);
    watermark = known.orElseGet(this::beginning);
  }

  /** Finds the segments of earlier processes; the number after the highest ever used. */
  private long findWhatIsLeft(Optional<Watermark> known) throws IOException {
    long highest = known.map(Watermark::segment).orElse(0L);
    for (SegmentName name : disk.segments()) {
      highest = Math.max(highest, name.number());
      if (name.number() < known.map(Watermark::segment).orElse(0L)) {
        disk.discard(name.in(disk.folder()));
      } else {
        held.put(name.number(), new StoredSegment(name, disk.folder()));
      }
    }
    return highest + 1;
  }

  /** Where delivery begins when no watermark says it. */
  private Watermark beginning() {
    HeldSegment first = held.firstEntry().getValue();
    long base = 0;
    if (first instanceof StoredSegment stored) {
      try {
        base = stored.header().map(SegmentHeader::base).orElse(0L);
      } catch (IOException e) {
        report(stored.file() + " cannot be read: " + e.getMessage());
      }
    }
    return new Watermark(first.name().stream(), first.name().number(), 0, base - 1, ChainLink.ZERO);
  }

  @Override
  public StreamId stream() {
    return stream;
  }

  @Override
  public Durability durability() {
    return durability;
  }

  @Override
  public long append(RecordKind kind, byte[] value) {
    if (value.length + RecordFormat.HEADER + SegmentHeader.BYTES > limits.smallestSegment()) {
      refuse("the event has " + value.length + " bytes, more than a segment holds");
      return REFUSED;
    }
    while (true) {
      Segment segment = active;
      long sequence = segment.append(kind, value);
      if (sequence >= 0) {
        if (kind != RecordKind.CONTROL) {
          accepted.increment();
        }
        return sequence;
      }
      if (sequence == REFUSED || !rollFrom(segment)) {
        refuse(closed ? "the agent is closed" : "the spool is full: " + supply.trouble());
        return REFUSED;
      }
    }
  }

  /** Goes on in the next segment; false when there is none. */
  private boolean rollFrom(Segment full) {
    long started = System.nanoTime();
    while (!tryRoll(full)) {
      long waited = System.nanoTime() - started;
      boolean mayWait =
          supply.isExhausted()
              ? waited < limits.maxBlock().toNanos()
              : waited < Math.max(MAKING_NANOS, limits.maxBlock().toNanos());
      if (closed || !mayWait) {
        return false;
      }
      wakeJanitor();
      LockSupport.parkNanos(100_000);
    }
    return true;
  }

  private boolean tryRoll(Segment full) {
    return !closed && roll(full);
  }

  private boolean roll(Segment full) {
    synchronized (rolling) {
      if (active != full) {
        return true;
      }
      Optional<Long> end = full.end();
      Optional<Segment> spare = end.isPresent() ? supply.take() : Optional.empty();
      spare.ifPresent(
          next -> {
            next.activate(end.orElseThrow());
            held.put(next.name().number(), next);
            active = next;
          });
      if (spare.isPresent()) {
        wakeJanitor();
      }
      return spare.isPresent();
    }
  }

  @Override
  public void refuse(String reason) {
    refusals.add(reason, clock.instant());
  }

  @Override
  public void appendLast(RecordKind kind, byte[] value) {
    accountForRefusals();
    closed = true;
    Segment segment = active;
    while (segment.appendLast(kind, value) == Segment.FULL) {
      if (!roll(segment)) {
        report("no room for the stream's last record");
        return;
      }
      segment = active;
    }
  }

  /** Gives the refused records their numbers, in a record that says so. */
  private void accountForRefusals() {
    for (Optional<Refusals.Batch> batch = refusals.take();
        batch.isPresent();
        batch = refusals.take()) {
      Refusals.Batch some = batch.get();
      if (closed || !account(some)) {
        refusals.putBack(some);
        return;
      }
    }
  }

  private boolean account(Refusals.Batch some) {
    while (true) {
      Segment segment = active;
      long sequence =
          segment.appendGap(
              some.count(),
              last ->
                  gapRecords.dropped(
                      stream,
                      last - some.count() + 1,
                      last,
                      some.firstTime(),
                      some.lastTime(),
                      some.reason()));
      if (sequence != Segment.FULL) {
        return sequence >= 0;
      }
      if (!tryRoll(segment)) {
        return false;
      }
    }
  }

  @Override
  public SpoolCursor cursor() {
    DiskCursor cursor = new DiskCursor(this, watermark);
    cursors.add(cursor);
    return cursor;
  }

  void forget(DiskCursor cursor) {
    cursors.remove(cursor);
  }

  /** The first held segment from this number on. */
  Optional<HeldSegment> segmentFrom(long number) {
    return Optional.ofNullable(held.ceilingEntry(number)).map(entry -> entry.getValue());
  }

  /** The record that stands for numbers that are missing. */
  byte[] lost(StreamId of, long first, long last) throws IOException {
    return gaps.of(of, first, last, (from, to) -> gapRecords.lost(of, from, to));
  }

  /** Puts a segment aside that cannot be read; its numbers will be missing, and said to be lost. */
  void quarantine(HeldSegment segment, IOException reason) {
    held.remove(segment.name().number());
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

  private void report(String line) {
    reports.accept("spool: " + line);
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

  @Override
  public CompletableFuture<Void> forced() {
    CompletableFuture<Void> future = new CompletableFuture<>();
    waitingForDisk.add(future);
    if (released) {
      failWaiting();
    }
    wakeJanitor();
    return future;
  }

  private void failWaiting() {
    IOException reason = new IOException("the spool was closed before the disk had it");
    for (CompletableFuture<Void> f = waitingForDisk.poll(); f != null; f = waitingForDisk.poll()) {
      f.completeExceptionally(reason);
    }
  }

  /**
   * Does what has to be done beside appending: makes room ahead, forces, removes what is delivered.
   * One thread calls this, again and again.
   */
  public void tend() {
    janitor = Thread.currentThread();
    removeDelivered();
    if (!closed) {
      supply.replenish(heldBytes());
      reportTrouble();
      if (refusals.pending() > 0) {
        accountForRefusals();
      }
    }
    forceForWaiting();
  }

  /** True when somebody waits for the disk. */
  boolean isUrgent() {
    return !waitingForDisk.isEmpty();
  }

  private void wakeJanitor() {
    LockSupport.unpark(janitor);
  }

  private void reportTrouble() {
    String trouble = supply.trouble();
    if (!trouble.equals(reportedTrouble)) {
      reportedTrouble = trouble;
      report(trouble.isEmpty() ? "there is room again" : trouble);
    }
  }

  private long heldBytes() {
    return held.values().stream()
        .mapToLong(s -> s instanceof Segment own ? own.capacity() : s.used())
        .sum();
  }

  private void removeDelivered() {
    long needed = watermark.segment();
    for (DiskCursor cursor : cursors) {
      needed = Math.min(needed, cursor.segment());
    }
    List<HeldSegment> done = new ArrayList<>(held.headMap(needed).values());
    if (done.isEmpty()) {
      return;
    }
    try {
      watermarkFile.force();
      for (HeldSegment segment : done) {
        held.remove(segment.name().number());
        if (segment instanceof Segment own) {
          supply.takeBack(own);
        } else {
          disk.discard(segment.name().in(disk.folder()));
        }
      }
    } catch (IOException e) {
      report("what is delivered cannot be removed: " + e.getMessage());
    }
  }

  private void forceForWaiting() {
    List<CompletableFuture<Void>> group = new ArrayList<>();
    for (CompletableFuture<Void> f = waitingForDisk.poll(); f != null; f = waitingForDisk.poll()) {
      group.add(f);
    }
    if (group.isEmpty()) {
      return;
    }
    try {
      long upTo = active.name().number();
      for (HeldSegment segment : held.tailMap(forcedThrough).values()) {
        if (segment instanceof Segment own) {
          own.force();
          if (own.name().number() > forcedThrough) {
            disk.force(own.name().in(disk.folder()));
          }
        }
      }
      forcedThrough = upTo;
      group.forEach(future -> future.completeAsync(() -> null));
    } catch (IOException e) {
      report("the disk did not take what was written: " + e.getMessage());
      group.forEach(future -> future.completeExceptionally(e));
    }
  }

  @Override
  public SpoolState state() {
    Watermark delivered = watermark;
    boolean isOwn = delivered.stream().equals(stream);
    long next = active.next();
    return new SpoolState(
        accepted.sum(),
        refusals.total(),
        next,
        undeliveredBytes(delivered),
        next - (isOwn ? delivered.sequence() + 1 : 0),
        oldestAge(delivered));
  }

  private long undeliveredBytes(Watermark delivered) {
    long bytes = 0;
    for (HeldSegment segment : held.tailMap(delivered.segment()).values()) {
      boolean isPartly = segment.name().number() == delivered.segment();
      long from = isPartly ? delivered.offset() : 0;
      bytes += Math.max(0, segment.used() - Math.max(from, SegmentHeader.BYTES));
    }
    return bytes;
  }

  private Duration oldestAge(Watermark delivered) {
    try (DiskCursor cursor = new DiskCursor(this, delivered)) {
      return cursor
          .peek()
          .map(record -> Duration.ofMillis(clock.millis() - record.acceptedMicros() / 1000))
          .filter(age -> !age.isNegative())
          .orElse(Duration.ZERO);
    }
  }

  /** Ends it in the order that a later process needs: what is not delivered stays. */
  @Override
  public void close() {
    closed = true;
    released = true;
    try {
      Watermark delivered = watermark;
      boolean isAllDelivered =
          delivered.stream().equals(stream)
              && active.end().filter(end -> end == delivered.sequence() + 1).isPresent();
      watermarkFile.force();
      watermarkFile.close();
      supply.close();
      if (isAllDelivered) {
        for (HeldSegment segment : held.values()) {
          segment.close();
          disk.discard(segment.name().in(disk.folder()));
        }
        gaps.clear();
      } else {
        held.values().forEach(HeldSegment::close);
      }
    } catch (IOException e) {
      report("closing: " + e.getMessage());
    }
    failWaiting();
  }
}
