package dev.bitacora.collector.intake;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.index.EventReader;
import dev.bitacora.collector.index.Poison;
import dev.bitacora.collector.index.PoisonException;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.wire.WireRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events from senders, over HTTP or in this process, and returns when all of them are
 * durable: in the log, or, those that are no events, among the dead letters. A bad event costs its
 * neighbours nothing. Safe for any thread.
 */
public final class IntakeService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IntakeService.class);

  /** Parsed events take several times their bytes: no more of them at once. */
  private static final int SLICE_RECORDS = 5000;

  private static final long SLICE_BYTES = 4 << 20;

  /** The name of the accounts of what never reached the log. */
  private static final String ACCOUNT = "intake";

  private final IntakeLog log;
  private final DeadLetters deadLetters;
  private final Accounts accounts;
  private final Clock clock;
  private final OwnStreams ownStreams;
  private final KeyedRequests keyedRequests;

  /**
   * @param stored finds an event in the store; for requests with an {@code Idempotency-Key}
   */
  public IntakeService(
      IntakeLog log,
      DeadLetters deadLetters,
      Accounts accounts,
      Function<StreamPosition, Optional<AuditEvent>> stored,
      Clock clock) {
    this.log = log;
    this.deadLetters = deadLetters;
    this.accounts = accounts;
    this.clock = clock;
    this.ownStreams = new OwnStreams(log, clock);
    this.keyedRequests = new KeyedRequests(stored);
  }

  /**
   * Takes numbered records of an agent; one result per record, in order.
   *
   * @throws IntakeUnavailableException when not all are durable: send all of them again
   */
  public List<ItemResult> append(List<WireRecord> records, Sender sender)
      throws IntakeUnavailableException {
    List<ItemResult> results = new ArrayList<>(records.size());
    for (List<WireRecord> slice :
        Slices.of(records, SLICE_RECORDS, SLICE_BYTES, WireRecord::value)) {
      results.addAll(appendSlice(slice, sender));
    }
    return results;
  }

  private List<ItemResult> appendSlice(List<WireRecord> slice, Sender sender)
      throws IntakeUnavailableException {
    Sorted<IntakeRecord> sorted = new Sorted<>();
    for (WireRecord record : slice) {
      try {
        sorted.good(new IntakeRecord(record, EventReader.event(record), sender));
      } catch (PoisonException e) {
        RawRecord raw = RawRecord.of(record, Optional.empty(), sender.component());
        sorted.bad(raw, e.poison(), record.position().eventId());
      }
    }
    return sorted.results(log.append(sorted.good), park(sorted.bad));
  }

  /**
   * Takes what a sender without an agent sent as events; one result per item, in order.
   *
   * @param key the sender's name for this very request; repeating it does no harm
   * @throws IntakeUnavailableException when not all are durable: send all of them again
   */
  public List<ItemResult> appendForeign(List<byte[]> items, Sender sender, Optional<String> key)
      throws IntakeUnavailableException, IdempotencyKeyReusedException {
    if (key.isPresent()) {
      return appendKeyed(items, sender, key.get());
    }
    List<ItemResult> results = new ArrayList<>(items.size());
    for (List<byte[]> slice : Slices.of(items, SLICE_RECORDS, SLICE_BYTES, item -> item)) {
      Sorted<AuditEvent> sorted = sort(slice, sender, clock.instant());
      List<ItemResult> good =
          sorted.good.isEmpty() ? List.of() : ownStreams.append(sorted.good, sender);
      results.addAll(sorted.results(good, park(sorted.bad)));
    }
    return results;
  }

  /** One slice: its numbers must not depend on where a slice ends. */
  private List<ItemResult> appendKeyed(List<byte[]> items, Sender sender, String key)
      throws IntakeUnavailableException, IdempotencyKeyReusedException {
    KeyedRequests.Request request = request(items, sender, key, clock.instant());
    Sorted<AuditEvent> sorted = sort(items, sender, request.firstSeen());
    List<IntakeRecord> records = request.number(sorted.good, sender);
    List<ItemResult> good = new ArrayList<>();
    List<ItemResult> all = log.append(records);
    for (int i = 0; i < records.size(); i++) {
      if (records.get(i).record().kind() != dev.bitacora.core.wire.RecordKind.CONTROL) {
        good.add(all.get(i));
      }
    }
    return sorted.results(good, park(sorted.bad));
  }

  private KeyedRequests.Request request(List<byte[]> items, Sender sender, String key, Instant now)
      throws IntakeUnavailableException, IdempotencyKeyReusedException {
    try {
      return keyedRequests.request(sender.component(), key, items, now);
    } catch (dev.bitacora.store.StoreException e) {
      throw new IntakeUnavailableException(
          "the store can not say whether this Idempotency-Key was used: " + e.getMessage(), e);
    }
  }

  /**
   * Takes once more the record of a dead letter that has no place in a log. Safe to repeat: a
   * record with a number keeps it, one without gets it from the key.
   *
   * @param key names the letter
   * @return what became of it; among the dead letters it has one replay more
   * @throws IntakeUnavailableException when it may not be durable: take the same again
   */
  public ItemResult takeAgain(DeadLetter letter, String key) throws IntakeUnavailableException {
    try {
      List<IntakeRecord> records = numberedAgain(letter, key);
      List<ItemResult> results =
          log.append(
              records.stream().map(record -> record.replayed(letter.replays() + 1)).toList());
      return results.get(results.size() - 1);
    } catch (PoisonException e) {
      return parkAgain(letter, e.poison());
    }
  }

  private List<IntakeRecord> numberedAgain(DeadLetter letter, String key)
      throws PoisonException, IntakeUnavailableException {
    RawRecord raw = letter.record();
    if (raw.sender().isEmpty()) {
      throw new PoisonException(
          DeadLetterReason.MALFORMED_RECORD, "it names neither its place in a log nor its sender");
    }
    Sender sender = new Sender(raw.sender(), Optional.empty());
    if (!raw.headers().isEmpty()) {
      WireRecord wire = EventReader.wireRecord(raw);
      return List.of(new IntakeRecord(wire, EventReader.event(wire), sender));
    }
    byte[] item = raw.value().orElse(new byte[0]);
    AuditEvent event = ForeignEvent.read(item, sender, letter.appended());
    try {
      return request(List.of(item), sender, key, letter.appended()).number(List.of(event), sender);
    } catch (IdempotencyKeyReusedException e) {
      throw new PoisonException(DeadLetterReason.MALFORMED_RECORD, e.getMessage());
    }
  }

  private ItemResult parkAgain(DeadLetter letter, Poison poison) throws IntakeUnavailableException {
    DeadLetter again =
        new DeadLetter(
            letter.record(),
            poison.reason(),
            poison.detail(),
            letter.attempts(),
            letter.replays() + 1,
            letter.appended(),
            clock.instant());
    try {
      deadLetters.add(List.of(again));
    } catch (DeadLettersUnavailableException e) {
      throw new IntakeUnavailableException(e.getMessage(), e);
    }
    return new ItemResult(ItemResult.Status.DEAD_LETTERED, "", poison.detail());
  }

  /**
   * Takes an event of the collector's own. However often the same event is appended under its key,
   * by whichever collector and after whatever crash, it is kept once.
   *
   * @throws IntakeUnavailableException when it may not be durable: append it again
   */
  public void appendOwn(AuditEvent event, String key) throws IntakeUnavailableException {
    for (ItemResult result : log.append(KeyedRequests.own(event, key))) {
      if (result.status() == ItemResult.Status.DEAD_LETTERED) {
        LOG.error("Intake: an event of our own is a dead letter: {}", result.detail());
      }
    }
  }

  private static Sorted<AuditEvent> sort(List<byte[]> items, Sender sender, Instant now) {
    Sorted<AuditEvent> sorted = new Sorted<>();
    for (byte[] item : items) {
      try {
        sorted.good(ForeignEvent.read(item, sender, now));
      } catch (PoisonException e) {
        sorted.bad(RawRecord.unnumbered(item, sender.component()), e.poison(), "");
      }
    }
    return sorted;
  }

  private List<ItemResult> park(List<Bad> bad) throws IntakeUnavailableException {
    if (bad.isEmpty()) {
      return List.of();
    }
    Instant now = clock.instant();
    bad.forEach(item -> accounts.consumed(ACCOUNT, item.raw().size()));
    try {
      deadLetters.add(bad.stream().map(item -> item.deadLetter(now)).toList());
    } catch (DeadLettersUnavailableException e) {
      bad.forEach(item -> accounts.settled(ACCOUNT, item.raw().size(), Settlement.RELEASED));
      throw new IntakeUnavailableException(e.getMessage(), e);
    }
    bad.forEach(item -> accounts.deadLettered(ACCOUNT, item.raw().size(), item.poison().reason()));
    return bad.stream().map(Bad::result).toList();
  }

  /** Ends the streams of events without an agent; what was acknowledged is durable already. */
  @Override
  public void close() {
    try {
      ownStreams.stop();
    } catch (IntakeUnavailableException e) {
      LOG.warn("Intake: its own streams end without agent.stop: {}", e.getMessage());
    }
  }

  /** What can not be stored. */
  private record Bad(RawRecord raw, Poison poison, String eventId) {
    DeadLetter deadLetter(Instant now) {
      return new DeadLetter(raw, poison.reason(), poison.detail(), 0, 0, now);
    }

    ItemResult result() {
      return new ItemResult(
          ItemResult.Status.DEAD_LETTERED,
          eventId,
          poison.reason().text() + ": " + poison.detail());
    }
  }

  /** Good and bad ones apart, and how to bring their results into order again. */
  private static final class Sorted<T> {
    private final List<T> good = new ArrayList<>();
    private final List<Bad> bad = new ArrayList<>();
    private final List<Boolean> order = new ArrayList<>();

    void good(T item) {
      good.add(item);
      order.add(true);
    }

    void bad(RawRecord raw, Poison poison, String eventId) {
      bad.add(new Bad(raw, poison, eventId));
      order.add(false);
    }

    List<ItemResult> results(List<ItemResult> goodResults, List<ItemResult> badResults) {
      var goodOnes = goodResults.iterator();
      var badOnes = badResults.iterator();
      return order.stream().map(isGood -> (isGood ? goodOnes : badOnes).next()).toList();
    }
  }
}
