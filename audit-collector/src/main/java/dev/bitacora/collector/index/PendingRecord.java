package dev.bitacora.collector.index;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.store.NewEvent;
import java.time.Instant;
import java.util.Optional;

/**
 * A record on its way to the store or to the dead letters. Owned by the thread that delivers it.
 */
public final class PendingRecord {
  private final RawRecord raw;
  private final Receipt receipt;
  private final Optional<NewEvent> event;
  private final Optional<Instant> appended;
  private Optional<Poison> poison;
  private int attempts;
  private int replays;
  private Optional<Trouble.Kind> trouble = Optional.empty();
  private boolean settled;

  private PendingRecord(
      RawRecord raw,
      Receipt receipt,
      Optional<NewEvent> event,
      Optional<Instant> appended,
      Optional<Poison> poison) {
    this.raw = raw;
    this.receipt = receipt;
    this.event = event;
    this.appended = appended;
    this.poison = poison;
  }

  /** An event for the store. */
  public static PendingRecord of(RawRecord raw, NewEvent event, Receipt receipt) {
    return new PendingRecord(
        raw, receipt, Optional.of(event), Optional.of(event.ingested()), Optional.empty());
  }

  /** A record for the dead letters that no log took. */
  public static PendingRecord poisoned(RawRecord raw, Poison poison, Receipt receipt) {
    return new PendingRecord(raw, receipt, Optional.empty(), Optional.empty(), Optional.of(poison));
  }

  /**
   * A record for the dead letters.
   *
   * @param appended when its log took it
   */
  static PendingRecord poisoned(RawRecord raw, Instant appended, Poison poison, Receipt receipt) {
    return new PendingRecord(
        raw, receipt, Optional.empty(), Optional.of(appended), Optional.of(poison));
  }

  /** The record of a dead letter that has a place in its log, to be tried once more. */
  public static PendingRecord replayOf(DeadLetter letter, Receipt receipt) {
    PendingRecord record =
        new LogRecord(letter.record(), letter.appended(), receipt)
            .read()
            .replayed(letter.replays() + 1);
    record.attempts = letter.attempts();
    return record;
  }

  /** This record, tried by hand so often, this time included. */
  public PendingRecord replayed(int times) {
    replays = times;
    return this;
  }

  public RawRecord raw() {
    return raw;
  }

  /** The event; empty when the record came with none that can be read. */
  public Optional<NewEvent> event() {
    return event;
  }

  /** Why it can not be stored, when it can not. */
  public Optional<Poison> poison() {
    return poison;
  }

  /** Books that it left. */
  public void account(Accounts accounts, String log, Settlement how) {
    if (how == Settlement.DEADLETTERED) {
      accounts.deadLettered(log, raw.size(), poison.orElseThrow().reason());
    } else {
      accounts.settled(log, raw.size(), how);
    }
  }

  NewEvent requireEvent() {
    return event.orElseThrow(() -> new IllegalStateException("a poisoned record has no event"));
  }

  boolean isPoisoned() {
    return poison.isPresent();
  }

  boolean isWanted() {
    return receipt.isWanted();
  }

  /** True after an attempt that failed. */
  boolean isWaiting() {
    return trouble.isPresent();
  }

  /** True after an attempt for which the store had too much to do. */
  boolean isTooMuch() {
    return trouble.filter(Trouble.Kind.OVERLOADED::equals).isPresent();
  }

  void waitFor(Trouble.Kind kind) {
    trouble = Optional.of(kind);
  }

  void waitNoMore() {
    trouble = Optional.empty();
  }

  void attempted() {
    attempts++;
  }

  void poison(Poison why) {
    poison = Optional.of(why);
  }

  DeadLetter deadLetter(Instant now) {
    Poison why = poison.orElseThrow();
    return new DeadLetter(
        raw, why.reason(), why.detail(), attempts, replays, appended.orElse(now), now);
  }

  boolean isSettled() {
    return settled;
  }

  void settle(Settlement how) {
    settled = true;
    receipt.settled(this, how);
  }
}
