package dev.bitacora.agent;

import dev.bitacora.agent.chain.Links;
import dev.bitacora.agent.shipping.Shipper;
import dev.bitacora.agent.spool.AbandonedSlot;
import dev.bitacora.agent.spool.Undelivered;
import dev.bitacora.agent.supervision.Duty;
import dev.bitacora.agent.supervision.Supervision;
import dev.bitacora.agent.transport.TransportFactory;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.event.Dataset;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Delivers what processes of the same component have left behind whose slots nobody has taken
 * since. What is in order stays in order; nothing is sealed, because the keys died with their
 * processes.
 */
final class Adoption implements Duty {
  /** Late enough that processes which are just being replaced have taken their slots. */
  private static final Duration FIRST = Duration.ofSeconds(20);

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<Dataset> LANES = List.of(Dataset.AUDIT, Dataset.LOG);

  private final Path slots;
  private final Envelope envelope;
  private final Function<Dataset, TransportFactory> transports;
  private final Supervision supervision;
  private final Consumer<String> reports;
  private boolean hasWaited;

  /**
   * Does nothing until it is run.
   *
   * @param slots the component's
   * @param supervision makes the threads that deliver
   */
  Adoption(
      Path slots,
      Envelope envelope,
      Function<Dataset, TransportFactory> transports,
      Supervision supervision,
      Consumer<String> reports) {
    this.slots = slots;
    this.envelope = envelope;
    this.transports = transports;
    this.supervision = supervision;
    this.reports = reports;
  }

  /**
   * What became of the slots that had something to deliver.
   *
   * @param emptied those whose records are all delivered
   */
  record Outcome(int slots, int emptied) {
    static final Outcome NOTHING = new Outcome(0, 0);

    Outcome and(Outcome other) {
      return new Outcome(slots + other.slots, emptied + other.emptied);
    }
  }

  @Override
  public Optional<Duration> perform() {
    if (hasWaited) {
      Outcome unused = run(LIMIT);
      return Optional.of(LIMIT);
    }
    hasWaited = true;
    return Optional.of(FIRST);
  }

  /** Goes through all abandoned slots once; spends at most this long in each lane. */
  Outcome run(Duration atMost) {
    Outcome outcome = Outcome.NOTHING;
    try {
      for (AbandonedSlot slot : AbandonedSlot.of(slots)) {
        outcome = outcome.and(deliver(slot, atMost));
      }
    } catch (IOException | RuntimeException e) { // or there would be no next time
      reports.accept("abandoned slots in " + slots + " cannot be delivered: " + e);
    }
    return outcome;
  }

  private Outcome deliver(AbandonedSlot slot, Duration atMost) throws IOException {
    boolean hadSomething = false;
    try (slot) {
      for (Dataset lane : LANES) {
        ControlRecords controls = new ControlRecords(envelope, lane.text(), StreamId.NONE);
        Optional<Undelivered> left = slot.lane(lane.text(), controls, reports);
        if (left.isPresent()) {
          hadSomething = true;
          reports.accept("delivering what was left in " + slot.folder() + ", " + lane.text());
          deliver(left.get(), lane, atMost);
        }
      }
      return hadSomething ? new Outcome(1, slot.isEmpty() ? 1 : 0) : Outcome.NOTHING;
    }
  }

  private void deliver(Undelivered left, Dataset lane, Duration atMost) {
    Optional<Links> chain =
        lane == Dataset.AUDIT ? Optional.of(Links.ofOthers()) : Optional.empty();
    String threadName = AgentThreads.PREFIX + envelope.name() + "-" + lane.text() + "-left";
    try (Shipper shipper =
        new Shipper(
            threadName, left, StreamId.NONE, chain, transports.apply(lane), supervision, reports)) {
      shipper.start();
      shipper.drain(atMost);
    }
  }
}
