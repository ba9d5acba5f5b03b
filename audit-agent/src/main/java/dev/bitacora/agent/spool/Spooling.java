package dev.bitacora.agent.spool;

import dev.bitacora.agent.supervision.Supervision;
import dev.bitacora.core.chain.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Where one agent keeps its two lanes: in a slot on a disk, or in memory when there is no disk that
 * can be written. Opening does no network I/O.
 */
public final class Spooling implements AutoCloseable {
  /** File systems on which a mapped file is as safe as a written one. */
  private static final Set<String> MAPPABLE = Set.of("ext4", "ext3", "ext2", "xfs", "tmpfs");

  private static final long MEMORY_BYTES = 32L << 20;

  private final Optional<Slot> slot;
  private final Optional<SegmentSource> source;
  private final String agentId;
  private final Consumer<String> reports;
  private final List<DiskSpool> onDisk = new CopyOnWriteArrayList<>();
  private final Janitor janitor;
  private Optional<String> trouble = Optional.empty();

  /**
   * Takes a slot for this component; memory when that cannot be.
   *
   * @param folder of the component's slots
   * @param threadName of the thread that tends the spools
   * @param supervision makes that thread
   * @param reports takes one line for each change of state
   */
  public Spooling(
      Path folder, String threadName, Supervision supervision, Consumer<String> reports) {
    this.reports = reports;
    this.janitor = new Janitor(threadName, onDisk, supervision);
    Optional<Slot> taken = Optional.empty();
    Optional<SegmentSource> found = Optional.empty();
    String id = UUID.randomUUID().toString();
    try {
      taken = Optional.of(Slot.take(folder));
      found = Optional.of(sourceFor(taken.get().folder()));
      id = taken.get().agentId();
    } catch (IOException | RuntimeException e) {
      inMemory(folder, e);
    }
    slot = taken;
    source = found;
    agentId = id;
  }

  private static SegmentSource sourceFor(Path folder) throws IOException {
    String type = Files.getFileStore(folder).type().toLowerCase(Locale.ROOT);
    return MAPPABLE.contains(type) ? SegmentSource.MAPPED : SegmentSource.APPENDED;
  }

  private void inMemory(Path folder, Exception reason) {
    trouble = Optional.of("the spool's folder " + folder + " cannot be used: " + reason);
  }

  /** The same for all processes that follow each other in a slot. */
  public String agentId() {
    return agentId;
  }

  /** Why records are kept in memory; empty when they are on a disk. */
  public Optional<String> trouble() {
    return trouble;
  }

  /** For people: where records are kept. */
  public String place() {
    if (slot.isEmpty() || trouble.isPresent()) {
      return "memory";
    }
    boolean isMapped = source.equals(Optional.of(SegmentSource.MAPPED));
    return slot.get().folder() + (isMapped ? "" : " (one write for each record)");
  }

  /**
   * Opens a lane.
   *
   * @param name of its folder
   */
  public Spool lane(String name, StreamId stream, SpoolLimits limits, GapRecords gapRecords) {
    Clock clock = Clock.systemUTC();
    if (slot.isPresent() && source.isPresent()) {
      Path folder = slot.get().folder().resolve(name);
      try {
        DiskSpool spool =
            new DiskSpool(
                new Disk(folder), stream, source.get(), limits, gapRecords, clock, reports);
        onDisk.add(spool);
        return spool;
      } catch (IOException | RuntimeException e) {
        inMemory(folder, e);
      }
    }
    long bytes = Math.min(MEMORY_BYTES, limits.quotaBytes());
    return new MemorySpool(stream, bytes, gapRecords, clock);
  }

  /** Begins to tend the lanes. */
  public void start() {
    janitor.start();
  }

  /** Ends tending, and gives the slot to whoever comes next. The lanes are closed before. */
  @Override
  public void close() {
    janitor.close();
    onDisk.forEach(DiskSpool::close);
    slot.ifPresent(this::leave);
  }

  private void leave(Slot taken) {
    try {
      taken.close();
    } catch (IOException e) {
      reports.accept("spool: " + taken.folder() + " cannot be left: " + e.getMessage());
    }
  }
}
