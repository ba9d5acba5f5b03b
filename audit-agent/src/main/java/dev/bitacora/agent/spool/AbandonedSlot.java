package dev.bitacora.agent.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A slot whose process has ended and that nobody has taken since. While this is open nobody else
 * can take it.
 */
public final class AbandonedSlot implements AutoCloseable {
  private final Slot slot;
  private final List<Backlog> lanes = new ArrayList<>();

  private AbandonedSlot(Slot slot) {
    this.slot = slot;
  }

  /** All of a component's; the caller closes them. */
  public static List<AbandonedSlot> of(Path slots) throws IOException {
    return Slot.takeAbandoned(slots).stream().map(AbandonedSlot::new).toList();
  }

  public Path folder() {
    return slot.folder();
  }

  /** What a lane has not delivered; empty when there is nothing. */
  public Optional<Undelivered> lane(String name, GapRecords gapRecords, Consumer<String> reports)
      throws IOException {
    Path folder = slot.folder().resolve(name);
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    Backlog lane = new Backlog(new Disk(folder), gapRecords, reports);
    lanes.add(lane);
    return lane.isEmpty() ? Optional.empty() : Optional.of(lane);
  }

  /** True if nothing is left in the lanes that were opened. */
  public boolean isEmpty() {
    return lanes.stream().allMatch(Backlog::isEmpty);
  }

  /** Removes what is delivered and gives the slot back. */
  @Override
  public void close() throws IOException {
    try {
      for (Backlog lane : lanes) {
        lane.removeDelivered(lane::discard);
        lane.close(lane.isEmpty());
      }
    } finally {
      slot.close();
    }
  }
}
