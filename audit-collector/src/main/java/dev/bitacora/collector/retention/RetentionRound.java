package dev.bitacora.collector.retention;

import dev.bitacora.collector.intake.IntakeUnavailableException;
import dev.bitacora.collector.retention.Holds.Covering;
import dev.bitacora.core.event.Outcome;
import dev.bitacora.core.query.Query;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Family;
import dev.bitacora.store.Period;
import dev.bitacora.store.Placement;
import dev.bitacora.store.Retention;
import dev.bitacora.store.Unplaced;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round of retention: looks at everything that has expired, and deletes or keeps it. What it
 * does to each part, in this order, so that it may die between any two lines:
 *
 * <ol>
 *   <li>the holds are asked; what one of them covers is kept, and that is recorded
 *   <li>the deletion is written into the shared state
 *   <li>the holds are read again. Who places one looks for deletions afterwards, so either we see
 *       the hold, or they see the deletion
 *   <li>the part is deleted
 *   <li>the audit event is made durable, then the deletion leaves the state
 * </ol>
 *
 * A deletion that a crash left in the state is recorded by the next round, or repeated where its
 * part is still there. Whatever cannot be asked or read ends the round, and nothing more is
 * deleted. Not thread-safe.
 */
final class RetentionRound {
  private static final Logger LOG = LoggerFactory.getLogger(RetentionRound.class);

  private final AuditStore store;
  private final Retention retention;
  private final RetentionState state;
  private final Holds holds;
  private final Lease lease;
  private final RetentionEvents events;
  private final Clock clock;
  private final BooleanSupplier goesOn;
  private final Runnable deletedOne;
  private final Set<String> held = new HashSet<>();

  /**
   * @param goesOn false when the process stops: then the round ends before the next part
   * @param deletedOne called for each period whose deletion is recorded
   */
  RetentionRound(
      AuditStore store,
      Retention retention,
      RetentionState state,
      Holds holds,
      Lease lease,
      RetentionEvents events,
      Clock clock,
      BooleanSupplier goesOn,
      Runnable deletedOne) {
    this.store = store;
    this.retention = retention;
    this.state = state;
    this.holds = holds;
    this.lease = lease;
    this.events = events;
    this.clock = clock;
    this.goesOn = goesOn;
    this.deletedOne = deletedOne;
  }

  /** The round is over because another collector has the lease now, or this one stops. */
  static final class EndedException extends Exception {
    EndedException(String message) {
      super(message);
    }
  }

  /**
   * Runs it; the caller has the lease.
   *
   * @return how many expired periods are kept by holds
   */
  int run() throws IntakeUnavailableException, UnreadableHoldException, EndedException {
    recordWhatWasCutShort();
    Instant now = clock.instant();
    for (Family family : Family.values()) {
      Instant limit = now.minus(retention.of(family));
      for (Period period : store.periods(family)) {
        if (period.endsBy(limit)) {
          goOn();
          expire(period, limit);
        }
      }
      goOn();
      // By the day, so that a trickle of wrong clocks is not a deletion and an event every hour.
      expire(new Unplaced(family, limit.truncatedTo(ChronoUnit.DAYS)));
    }
    forgetWhatIsNotKept();
    return held.size();
  }

  private void goOn() throws EndedException {
    if (!goesOn.getAsBoolean()) {
      throw new EndedException("this collector stops");
    }
    if (!lease.acquire()) {
      throw new EndedException("another collector has taken over");
    }
  }

  /** Deletions of which the index is gone already: only their events are missing. */
  private void recordWhatWasCutShort() throws IntakeUnavailableException {
    for (Deletion deletion : state.deletions()) {
      Optional<Period> period = Period.of(deletion.family(), deletion.part());
      if (period.isPresent() && !store.periods(deletion.family()).contains(period.get())) {
        finish(deletion);
        deletedOne.run();
      }
    }
  }

  private void expire(Period period, Instant limit)
      throws IntakeUnavailableException, UnreadableHoldException {
    List<Covering> covering = holds.covering();
    if (isKept(period, covering)) {
      return;
    }
    Deletion deletion =
        begin(period.index(), period.family(), store.count(period, Query.ALL), limit);
    List<Covering> placedMeanwhile = new ArrayList<>(holds.covering());
    placedMeanwhile.removeAll(covering);
    if (isKept(period, placedMeanwhile)) {
      return;
    }
    store.delete(period);
    finish(deletion);
    deletedOne.run();
  }

  /** Whether a hold covers an event of the period; records that, and that nothing is deleted. */
  private boolean isKept(Period period, List<Covering> covering) throws IntakeUnavailableException {
    boolean kept = false;
    for (Covering hold : covering) {
      long matches = store.count(period, hold.query());
      if (matches > 0) {
        kept = true;
        keep(period.index(), hold, matches);
      }
    }
    if (kept) {
      held.add(period.index());
      withdraw(period.index());
    }
    return kept;
  }

  /** Those that a hold covers stay, the others go. */
  private void expire(Unplaced unplaced)
      throws IntakeUnavailableException, UnreadableHoldException {
    String part = partOf(unplaced);
    List<Covering> covering = holds.covering();
    Query uncovered = noneOf(covering);
    long documents = store.count(unplaced, uncovered);
    if (documents > 0 || state.deletion(part).isPresent()) {
      Deletion deletion = begin(part, unplaced.family(), documents, unplaced.appendedBefore());
      if (!holds.covering().equals(covering)) {
        withdraw(part);
        return; // the next round asks the new hold
      }
      var unused = store.delete(unplaced, uncovered);
      finish(deletion);
    }
    for (Covering hold : covering) {
      long matches = store.count(unplaced, hold.query());
      if (matches > 0) {
        keep(part, hold, matches);
      }
    }
  }

  private static String partOf(Unplaced unplaced) {
    return Placement.UNPLACED + "/" + unplaced.family().name().toLowerCase(Locale.ROOT);
  }

  private static Query noneOf(List<Covering> covering) {
    List<Query> queries = covering.stream().map(Covering::query).toList();
    return switch (queries.size()) {
      case 0 -> Query.ALL;
      case 1 -> new Query.Not(queries.get(0));
      default -> new Query.Not(new Query.Or(queries));
    };
  }

  private Deletion begin(String part, Family family, long documents, Instant limit) {
    Instant now = clock.instant();
    Deletion deletion =
        state
            .deletion(part)
            .map(earlier -> earlier.again(documents, limit, now))
            .orElseGet(
                () ->
                    new Deletion(
                        UUID.randomUUID().toString(),
                        part,
                        family,
                        documents,
                        limit,
                        retention.of(family).toDays(),
                        now,
                        1));
    state.save(deletion);
    return deletion;
  }

  private void finish(Deletion deletion) throws IntakeUnavailableException {
    events.deleted(deletion, Outcome.SUCCESS);
    state.remove(deletion);
    LOG.info(
        "Retention: deleted {} ({} events older than {} days)",
        deletion.part(),
        deletion.documents(),
        deletion.days());
  }

  /**
   * Nothing is deleted after all; but an earlier attempt, cut short, may have deleted something.
   */
  private void withdraw(String part) throws IntakeUnavailableException {
    Optional<Deletion> begun = state.deletion(part);
    if (begun.isPresent()) {
      if (begun.get().attempts() > 1) {
        events.deleted(begun.get(), Outcome.UNKNOWN);
      }
      state.remove(begun.get());
    }
  }

  private void keep(String part, Covering hold, long matches) throws IntakeUnavailableException {
    Optional<Kept> known =
        state.kept().stream()
            .filter(kept -> kept.part().equals(part) && kept.hold().equals(hold.hold().id()))
            .findFirst();
    if (known.filter(Kept::isRecorded).isPresent()) {
      return;
    }
    Kept kept =
        known.orElseGet(
            () ->
                new Kept(
                    part, hold.hold().id(), hold.hold().reason(), matches, clock.instant(), false));
    state.save(kept);
    events.kept(kept);
    state.save(kept.recorded());
    LOG.info("Retention: keeps {}, because of hold {}", part, hold.hold().id());
  }

  /** So that the state does not grow with every hold there ever was. */
  private void forgetWhatIsNotKept() throws UnreadableHoldException {
    List<String> inForce = holds.covering().stream().map(hold -> hold.hold().id()).toList();
    for (Kept kept : state.kept()) {
      if (kept.isRecorded() && !inForce.contains(kept.hold())) {
        state.remove(kept);
      }
    }
  }
}
