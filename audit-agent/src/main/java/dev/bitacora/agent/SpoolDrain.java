package dev.bitacora.agent;

import dev.bitacora.agent.spool.Slot;
import dev.bitacora.agent.supervision.Supervision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Delivers what components have left in their spools that do not run any more, for operators: when
 * a component moves away, or its machine is given up.
 */
public final class SpoolDrain {
  private final AuditConfig config;
  private final Consumer<String> reports;

  /**
   * Does nothing until it is run.
   *
   * @param config with the spool's folder and the destination; it names no component
   * @param reports takes one line for each thing worth knowing
   */
  public SpoolDrain(AuditConfig config, Consumer<String> reports) {
    this.config = config;
    this.reports = reports;
  }

  /**
   * Goes through every slot that no process uses.
   *
   * @param atMost spent in each lane
   * @return how many slots had something to deliver, and how many of them are empty now
   */
  public Result run(Duration atMost) throws IOException {
    Adoption.Outcome outcome = Adoption.Outcome.NOTHING;
    for (Path slots : components()) {
      outcome = outcome.and(drain(slots, atMost));
    }
    return new Result(outcome.slots(), outcome.emptied());
  }

  /** Slots that had something to deliver, and those of them whose records are all delivered. */
  public record Result(int slots, int emptied) {}

  private List<Path> components() throws IOException {
    try (Stream<Path> folders = Files.list(config.spoolDir())) {
      return folders.filter(folder -> Slot.componentIn(folder).isPresent()).sorted().toList();
    }
  }

  private Adoption.Outcome drain(Path slots, Duration atMost) {
    Slot.Owner owner = Slot.componentIn(slots).orElseThrow();
    AuditConfig own =
        config.toBuilder().component(owner.component()).environment(owner.environment()).build();
    Envelope envelope = new Envelope(own, UUID.randomUUID().toString());
    return new Adoption(slots, envelope, Destination.of(own), new Supervision(reports), reports)
        .run(atMost);
  }
}
