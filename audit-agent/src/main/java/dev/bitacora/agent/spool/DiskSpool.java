package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A lane's spool on a disk: records stand in segments, which are files, until they are delivered.
 * It survives the death of the process; the next process in the same folder delivers what is left.
 *
 * <p>Appending takes no lock while the segment has room. Somebody must call {@link #tend} often: it
 * makes room ahead, forces, and removes what is delivered.
 */
public final class DiskSpool implements Spool {
  /** How long an append waits for the janitor. */
  private static final long JANITOR_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** How long it waits for a disk that takes its time; no caller is held up for ever. */
  private static final long LONGEST_ROLL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Between two looks whether a spare is there: at first it will be soon. */
  private static final long SHORT_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Of what was appended between two rounds of tending, so much again is made ready ahead. */
  private static final int AHEAD = 4;

  private static final long LEAST_AHEAD = 64 << 10;

  /** The active one, and the one before, which a destination that answers has in a moment. */
  private static final int AT_HAND = 2;

  private final Disk disk;
  private final StreamId stream;
  private final SpoolLimits limits;
  private final GapRecords gapRecords;
  private final Clock clock;
  private final Supply supply;
  private final LaneStatistics statistics;
  private final long firstNumber;
  private final Backlog backlog;
  private final Refusals refusals = new Refusals();
  private final LongAdder accepted = new LongAdder();
  private final Queue<CompletableFuture<Void>> waitingForDisk = new ConcurrentLinkedQueue<>();
  private final Object rolling = new Object();

  private volatile Segment active;

  /** True when a spare did not come in time, until one does: nobody waits for that again. */
  private volatile boolean isLate;

  private volatile boolean closed;
  private volatile boolean released;
  private volatile Thread janitor;

  private volatile double fill;

  // The janitor's alone.
  private long alarmsRaised;
  private long forcedThrough;
  private String reportedTrouble = "";
  private Segment touched;
  private long touchedThrough;
  private long appendedThrough;

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
    this.limits = limits;
    this.gapRecords = gapRecords;
    this.clock = clock;
    backlog = new Backlog(disk, gapRecords, reports);
    firstNumber = backlog.nextNumber();
    statistics = new LaneStatistics(disk.folder(), stream);
    supply = new Supply(disk, stream, source, limits, firstNumber);
    active = begin();
  }

  /**
   * The first segment. Where there is no room for it, that of an earlier process's records becomes
   * free by delivering them, which a spool in memory would never do.
   */
  private Segment begin() throws IOException {
    try {
      Segment first = supply.make();
      first.activate(0);
      backlog.add(first);
      return first;
    } catch (IOException e) {
      if (backlog.isEmpty()) {
        throw e;
      }
      backlog.report(disk.folder() + ": " + e.getMessage() + "; what is left is delivered first");
      return new NoRoomYet(new SegmentName(firstNumber, stream));
    }
  }

  @Override
  public Optional<Path> folder() {
    return Optional.of(disk.folder());
  }

  @Override
  public Optional<Predecessor> predecessor() {
    return backlog.predecessor();
  }

  @Override
  public StreamId stream() {
    return stream;
  }

  @Override
  public Durability durability() {
    return backlog.durability();
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
        refuse(closed ? "the agent is closed" : "the spool is full: " + trouble());
        return REFUSED;
      }
    }
  }

  @Override
  public long appendIfRoom(RecordKind kind, byte[] value) {
    while (true) {
      Segment segment = active;
      long sequence = segment.append(kind, value);
      if (sequence != Segment.FULL) {
        return sequence;
      }
      if (!tryRoll(segment)) {
        wakeJanitor();
        return REFUSED;
      }
    }
  }

  private String trouble() {
    String trouble = supply.trouble();
    return trouble.isEmpty() ? "no segment was ready in time" : trouble;
  }

  /**
   * Goes on in the next segment; false when there is no room for one. A spare that is not ready yet
   * is waited for; when the janitor is late, which takes an overloaded machine, the caller makes
   * it, unless it is being made. A disk that stands still holds up its callers once, not each of
   * them, until a spare is there. An interrupted caller waits no less, because an event is lost
   * sooner than it is late; it stays interrupted.
   */
  private boolean rollFrom(Segment full) {
    long started = System.nanoTime();
    boolean interrupted = false;
    try {
      while (!tryRoll(full)) {
        interrupted |= Thread.interrupted();
        long waited = System.nanoTime() - started;
        isLate |= waited >= LONGEST_ROLL_NANOS;
        boolean isHopeless = supply.isExhausted() || isLate;
        if (closed || (isHopeless && waited >= limits.maxBlock().toNanos())) {
          return false;
        }
        awaitSpare(waited);
      }
      isLate = false;
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void awaitSpare(long waited) {
    wakeJanitor();
    if (waited > JANITOR_NANOS && !supply.isExhausted()) {
      supply.replenishIfNobodyDoes(1, this::heldBytes);
    }
    LockSupport.parkNanos(waited > JANITOR_NANOS ? PAUSE_NANOS : SHORT_PAUSE_NANOS);
  }

  /** Closing waits for a roll that has begun; none begins afterwards. */
  private boolean tryRoll(Segment full) {
    synchronized (rolling) {
      return !closed && roll(full);
    }
  }

  /**
   * In a caller's thread, and too seldom to be compiled soon: what is interpreted and in no cache
   * takes a microsecond each time that it calls something.
   */
  private boolean roll(Segment full) {
    synchronized (rolling) {
      if (active != full) {
        return true;
      }
      Optional<Long> end = full.end();
      Optional<Segment> spare = end.isPresent() ? supply.take() : Optional.empty();
      if (spare.isEmpty()) {
        return false;
      }
      Segment next = spare.get();
      next.activate(end.get());
      backlog.add(next);
      supply.taken(next);
      active = next;
      if (supply.isLow()) {
        wakeJanitor();
      }
      return true;
    }
  }

  @Override
  public void refuse(String reason) {
    refusals.add(reason, clock.instant());
    statistics.refused(refusals);
  }

  @Override
  public void appendEnd(RecordKind kind, byte[] value) {
    accountForRefusals();
    long unused = append(kind, value);
    statistics.ended();
    keepStatistics();
  }

  @Override
  public void appendLast(RecordKind kind, byte[] value) {
    accountForRefusals();
    statistics.ended();
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
      statistics.refused(refusals);
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
    return backlog.cursor();
  }

  @Override
  public SpoolCursor ownCursor() {
    return backlog.cursorBehind(new Watermark(stream, firstNumber, 0, -1, ChainLink.ZERO));
  }

  @Override
  public Watermark watermark() {
    return backlog.watermark();
  }

  @Override
  public void acknowledge(Watermark delivered) {
    backlog.acknowledge(delivered);
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
    backlog.removeDelivered(this::takeBack);
    if (!closed) {
      supply.replenish(Supply.READY, this::heldBytes);
      boolean hasShed = limits.shedsOldest() && supply.isExhausted() && shedOldest();
      if (!hasShed) { // or each piece of room that shedding makes would be news
        reportTrouble();
      }
      if (refusals.pending() > 0) {
        accountForRefusals();
      }
    }
    touchAhead();
    releaseWaiting();
    keepStatistics();
    watchFill();
    forceForWaiting();
  }

  /**
   * The kernel writes what is mapped to the disk after half a minute, and the next store into each
   * such page waits until it is writable again. That is to happen here, not in a caller's thread;
   * and not at all while nothing is recorded.
   */
  private void touchAhead() {
    Segment current = active;
    if (current != touched) {
      touched = current;
      touchedThrough = 0;
      appendedThrough = 0;
    }
    long used = current.used();
    if (used == appendedThrough) {
      touchedThrough = 0; // a pause may be long enough for all of it to be written to the disk
      return;
    }
    long through = used + Math.max(LEAST_AHEAD, AHEAD * (used - appendedThrough));
    appendedThrough = used;
    current.touch(Math.max(used, touchedThrough), through);
    touchedThrough = Math.max(touchedThrough, through);
    if (through > current.capacity()) {
      supply.touchNext(through - current.capacity());
    }
  }

  /**
   * What waits for a destination that is away does not stay mapped: it would be the component's
   * memory, and while the kernel writes it to the disk it interrupts the component's processors for
   * each page.
   */
  private void releaseWaiting() {
    List<Segment> own = backlog.ownFrom(0);
    own.subList(0, Math.max(0, own.size() - AT_HAND)).forEach(Segment::release);
  }

  private void keepStatistics() {
    statistics.counted(active.next(), accepted.sum(), clock.millis());
  }

  /** True when somebody waits for the disk. */
  boolean isUrgent() {
    return !waitingForDisk.isEmpty();
  }

  private void wakeJanitor() {
    LockSupport.unpark(janitor);
  }

  private boolean shedOldest() {
    long count = backlog.shedOldest(this::takeBack, "shed for newer ones: " + supply.trouble());
    if (count > 0) {
      refusals.accountedFor(count);
      supply.replenish(1, this::heldBytes);
    }
    return count > 0;
  }

  private void report(String line) {
    backlog.report(line);
  }

  private void reportTrouble() {
    String trouble = supply.trouble();
    if (!trouble.equals(reportedTrouble)) {
      reportedTrouble = trouble;
      report(trouble.isEmpty() ? "there is room again" : trouble);
    }
  }

  @Override
  public double fill() {
    return fill;
  }

  private void watchFill() {
    fill = Math.min(1, (double) backlog.bytes() / limits.quotaBytes());
    long reached = Stream.of(0.5, 0.75, 0.9).filter(level -> fill >= level).count();
    if (reached > alarmsRaised) {
      report(
          Math.round(fill * 100)
              + " % of "
              + disk.folder()
              + " ("
              + (limits.quotaBytes() >> 20)
              + " MiB) waits to be delivered");
    }
    alarmsRaised = reached;
  }

  private long heldBytes() {
    return backlog.segments().stream()
        .mapToLong(s -> s instanceof Segment own ? own.capacity() : s.used())
        .sum();
  }

  private void takeBack(HeldSegment segment) throws IOException {
    if (segment instanceof Segment own) {
      supply.takeBack(own);
    } else {
      backlog.discard(segment);
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
      List<Segment> segments = backlog.ownFrom(forcedThrough);
      long complete = segments.stream().takeWhile(Segment::isComplete).count(); // before forcing
      for (Segment segment : segments) {
        segment.force();
        if (segment.name().number() > forcedThrough) {
          disk.force(segment.name().in(disk.folder()));
        }
      }
      if (complete < segments.size()) {
        forcedThrough = segments.get((int) complete).name().number();
      }
      group.forEach(future -> future.completeAsync(() -> null));
    } catch (IOException e) {
      report("the disk did not take what was written: " + e.getMessage());
      group.forEach(future -> future.completeExceptionally(e));
    } catch (RuntimeException | Error e) { // nobody may wait for ever
      group.forEach(future -> future.completeExceptionally(e));
      throw e;
    }
  }

  @Override
  public SpoolState state() {
    Watermark delivered = backlog.watermark();
    boolean isOwn = delivered.stream().equals(stream);
    long next = active.next();
    return new SpoolState(
        accepted.sum(),
        refusals.total(),
        next,
        backlog.bytes(),
        next - (isOwn ? delivered.sequence() + 1 : 0),
        backlog.oldestAge(clock.millis()),
        fill());
  }

  /** Ends it in the order that a later process needs: what is not delivered stays. */
  @Override
  public void close() {
    synchronized (rolling) {
      closed = true;
    }
    released = true;
    keepStatistics();
    try {
      Watermark delivered = backlog.watermark();
      boolean isDelivered =
          delivered.stream().equals(stream)
              && active.end().filter(end -> end == delivered.sequence() + 1).isPresent();
      supply.close();
      backlog.close(isDelivered);
    } catch (IOException e) {
      report("closing: " + e.getMessage());
    }
    failWaiting();
  }
}
