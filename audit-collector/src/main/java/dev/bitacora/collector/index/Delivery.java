package dev.bitacora.collector.index;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.deadletter.Parking;
import dev.bitacora.collector.health.Condition;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Retention;
import dev.bitacora.store.WriteResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records to the store, one attempt at a time, and settles each that the store or the dead
 * letters positively confirmed; everything else it gives back to be tried again. What each answer
 * means is decided here and nowhere else:
 *
 * <ul>
 *   <li>durable, duplicate, conflict: settled
 *   <li>transient, overloaded or environment: tried again, for ever if the caller likes; {@link
 *       #condition} is down meanwhile. Also when the store throws or gives another number of
 *       answers than it got questions
 *   <li>too large: in halves; alone, a dead letter
 *   <li>suspect: written once more, with a {@link Canary} for the same index. Refused while that is
 *       accepted → dead letter; both refused → the environment is ill, and the record is tried
 *       again
 *   <li>poisoned: a dead letter, settled once the dead letters are durable
 * </ul>
 *
 * Safe for any thread, as long as no two deliver the same record. Never throws for a record.
 */
public final class Delivery {
  /** Each class of trouble with which {@link Measurements#retried} may be called. */
  public static final List<String> TROUBLES =
      Arrays.stream(Trouble.Kind.values()).map(Trouble.Kind::text).toList();

  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  private final AuditStore store;
  private final Retention retention;
  private final Parking deadLetters;
  private final Measurements measurements;
  private final Clock clock;
  private final Waiting waiting;
  private final List<Observer> observers;

  /**
   * @param retention the store's, which decides which index an event goes to
   * @param observers see each record that is settled
   */
  public Delivery(
      AuditStore store,
      Retention retention,
      Parking deadLetters,
      Measurements measurements,
      Clock clock,
      Observer... observers) {
    this.store = store;
    this.retention = retention;
    this.deadLetters = deadLetters;
    this.measurements = measurements;
    this.clock = clock;
    this.waiting = new Waiting(clock);
    this.observers = List.of(observers);
  }

  /**
   * Tries each record once.
   *
   * @return those that must be tried again, in order
   */
  public List<PendingRecord> attempt(List<PendingRecord> batch) {
    Attempt attempt = new Attempt();
    List<PendingRecord> events = new ArrayList<>(batch.size());
    for (PendingRecord record : batch) {
      if (!record.isWanted()) {
        attempt.over(record);
      } else if (record.isPoisoned()) {
        attempt.poisoned.add(record);
      } else {
        events.add(record);
      }
    }
    attempt.write(events);
    attempt.park();
    waiting.over(attempt.over);
    return attempt.again;
  }

  /** Forgets records that nobody will try again here. */
  public void abandon(List<PendingRecord> records) {
    waiting.over((int) records.stream().filter(PendingRecord::isWaiting).count());
  }

  /** Down while records wait for the store or for the dead letters. */
  public Condition condition() {
    return waiting.condition();
  }

  /** The state of one attempt; confined to its thread. */
  private final class Attempt {
    private final List<PendingRecord> poisoned = new ArrayList<>();
    private final List<PendingRecord> again = new ArrayList<>();
    private int over;

    /** When the store last answered: what it took is durable since then at the latest. */
    private Instant answered = Instant.EPOCH;

    void write(List<PendingRecord> records) {
      if (records.isEmpty()) {
        return;
      }
      List<WriteResult> results = ask(records);
      List<PendingRecord> tooLarge = new ArrayList<>();
      List<PendingRecord> suspects = new ArrayList<>();
      for (int i = 0; i < records.size(); i++) {
        PendingRecord record = records.get(i);
        WriteResult result = results.get(i);
        switch (result.status()) {
          case TOO_LARGE -> tooLarge.add(record);
          case SUSPECT -> suspects.add(record);
          default -> take(record, result);
        }
      }
      writeInHalves(tooLarge, records.size());
      judge(suspects);
    }

    /** What needs no further look. */
    private void take(PendingRecord record, WriteResult result) {
      switch (result.status()) {
        case INDEXED -> settle(record, Settlement.INDEXED);
        case DUPLICATE -> settle(record, Settlement.DUPLICATE);
        case CONFLICT -> settle(record, Settlement.CONFLICT);
        case TRANSIENT -> again(record, Trouble.Kind.TRANSIENT, result.detail());
        case OVERLOADED -> again(record, Trouble.Kind.OVERLOADED, result.detail());
        case ENVIRONMENT -> again(record, Trouble.Kind.ENVIRONMENT, result.detail());
        case TOO_LARGE, SUSPECT -> throw new IllegalStateException(result + ": needs another look");
      }
    }

    private List<WriteResult> ask(List<PendingRecord> records) {
      records.forEach(PendingRecord::attempted);
      return ask(records.size(), records.stream().map(PendingRecord::requireEvent).toList());
    }

    private List<WriteResult> ask(int expected, List<NewEvent> events) {
      long start = System.nanoTime();
      try {
        List<WriteResult> results = store.write(events);
        if (results.size() == expected) {
          return results;
        }
        return all(expected, "the store gave " + results.size() + " answers for " + expected);
      } catch (RuntimeException e) {
        return all(expected, "the store failed: " + e);
      } finally {
        measurements.bulk(Duration.ofNanos(System.nanoTime() - start));
        answered = clock.instant();
      }
    }

    private List<WriteResult> all(int count, String detail) {
      return Collections.nCopies(count, new WriteResult(WriteResult.Status.TRANSIENT, detail));
    }

    private void writeInHalves(List<PendingRecord> tooLarge, int asked) {
      if (tooLarge.size() == 1 && asked == 1) {
        poison(
            tooLarge.get(0),
            new Poison(DeadLetterReason.TOO_LARGE, "the store does not take so large a document"));
      } else if (tooLarge.size() == 1) {
        write(tooLarge);
      } else if (!tooLarge.isEmpty()) {
        int half = tooLarge.size() / 2;
        write(tooLarge.subList(0, half));
        write(tooLarge.subList(half, tooLarge.size()));
      }
    }

    private void judge(List<PendingRecord> suspects) {
      suspects.stream()
          .collect(groupingBy(this::index, LinkedHashMap::new, toList()))
          .values()
          .forEach(this::judgeOfOneIndex);
    }

    private String index(PendingRecord record) {
      return record.requireEvent().placement(retention).index();
    }

    /**
     * Writes suspects once more, with a canary among them. Only what the store refuses in the very
     * write in which it takes a known good document is poison: what ailed the store before may have
     * passed meanwhile, and would have made dead letters of good events.
     */
    private void judgeOfOneIndex(List<PendingRecord> group) {
      List<NewEvent> events = new ArrayList<>();
      group.forEach(record -> events.add(record.requireEvent()));
      events.add(Canary.beside(events.get(0)));
      group.forEach(PendingRecord::attempted);
      List<WriteResult> results = ask(events.size(), events);
      WriteResult canary = results.get(group.size());
      for (int i = 0; i < group.size(); i++) {
        PendingRecord record = group.get(i);
        WriteResult result = results.get(i);
        switch (result.status()) {
          case SUSPECT -> sentence(record, result, canary);
          case TOO_LARGE -> again(record, Trouble.Kind.TRANSIENT, result.detail());
          default -> take(record, result);
        }
      }
    }

    private void sentence(PendingRecord record, WriteResult result, WriteResult canary) {
      if (canary.status().isDone()) {
        poison(record, new Poison(DeadLetterReason.REFUSED_BY_STORE, result.detail()));
      } else if (canary.status() == WriteResult.Status.TRANSIENT
          || canary.status() == WriteResult.Status.OVERLOADED) {
        take(record, canary);
      } else {
        again(
            record,
            Trouble.Kind.ENVIRONMENT,
            "the store refuses a known good document too: " + canary.detail());
      }
    }

    private void poison(PendingRecord record, Poison why) {
      record.poison(why);
      poisoned.add(record);
    }

    void park() {
      if (poisoned.isEmpty()) {
        return;
      }
      Instant now = clock.instant();
      try {
        deadLetters.add(poisoned.stream().map(record -> record.deadLetter(now)).toList());
        poisoned.forEach(record -> settle(record, Settlement.DEADLETTERED));
      } catch (DeadLettersUnavailableException e) {
        poisoned.forEach(record -> again(record, Trouble.Kind.DEAD_LETTERS, e.getMessage()));
      }
    }

    private void settle(PendingRecord record, Settlement how) {
      over(record);
      if (!record.isPoisoned()) {
        measure(record.requireEvent());
      }
      observers.forEach(observer -> show(observer, record, how));
      record.settle(how);
    }

    private void show(Observer observer, PendingRecord record, Settlement how) {
      try {
        observer.settled(record, how);
      } catch (RuntimeException e) {
        LOG.error("Indexer: an observer failed; the record is settled all the same", e);
      }
    }

    private void measure(NewEvent event) {
      Instant happened = event.event().timestamp();
      if (event.placement(retention).plausible()) {
        measurements.endToEnd(notNegative(Duration.between(happened, answered)));
        measurements.clockAhead(notNegative(Duration.between(event.ingested(), happened)));
      }
    }

    private void again(PendingRecord record, Trouble.Kind kind, String detail) {
      waiting.failed(new Trouble(kind, detail), 1, record.isWaiting() ? 0 : 1);
      measurements.retried(kind.text(), 1);
      record.waitFor(kind);
      again.add(record);
    }

    private void over(PendingRecord record) {
      if (record.isWaiting()) {
        record.waitNoMore();
        over++;
      }
    }

    private static Duration notNegative(Duration duration) {
      return duration.isNegative() ? Duration.ZERO : duration;
    }
  }
}
