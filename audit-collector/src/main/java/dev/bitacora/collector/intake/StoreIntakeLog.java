package dev.bitacora.collector.intake;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.index.Backoff;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.index.PendingRecord;
import dev.bitacora.collector.index.Receipt;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.NewEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The embedded intake: writes to the store, which commits concurrent batches together, and numbers
 * what it writes as one log per lane, {@code bitacora.audit/0} and {@code bitacora.log/0}. Tries
 * for two seconds and then leaves it to the sender to send again. Safe for any thread.
 */
public final class StoreIntakeLog implements IntakeLog {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Delivery delivery;
  private final Accounts accounts;
  private final Clock clock;
  private final Map<Lane, AtomicLong> offsets = new EnumMap<>(Lane.class);

  /**
   * @param lastOffsets the highest offset of each log that is in the store already
   */
  public StoreIntakeLog(
      Delivery delivery, Accounts accounts, Map<String, Long> lastOffsets, Clock clock) {
    this.delivery = delivery;
    this.accounts = accounts;
    this.clock = clock;
    for (Lane lane : Lane.values()) {
      long last = lastOffsets.getOrDefault(lane.embeddedLog(), -1L);
      offsets.put(lane, new AtomicLong(last + 1));
    }
  }

  @Override
  public List<ItemResult> append(List<IntakeRecord> records) throws IntakeUnavailableException {
    Instant now = Instant.ofEpochMilli(clock.millis());
    ItemResult[] results = new ItemResult[records.size()];
    List<PendingRecord> pending = new ArrayList<>(records.size());
    for (int i = 0; i < records.size(); i++) {
      pending.add(pending(records.get(i), now, new Entry(results, i, records.get(i))));
    }
    deliver(pending);
    return List.of(results);
  }

  private PendingRecord pending(IntakeRecord record, Instant now, Entry entry) {
    String log = entry.lane.embeddedLog();
    LogPosition position = new LogPosition(log, offsets.get(entry.lane).getAndIncrement());
    RawRecord raw =
        RawRecord.of(record.record(), Optional.of(position), record.sender().component());
    accounts.consumed(log, raw.size());
    NewEvent event =
        new NewEvent(
            record.record().position(), record.event(), now, position, record.agentIdStatus());
    return PendingRecord.of(raw, event, entry).replayed(record.replays());
  }

  private void deliver(List<PendingRecord> pending) throws IntakeUnavailableException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<PendingRecord> left = delivery.attempt(pending);
    for (int failures = 1; !left.isEmpty(); failures++) {
      Duration delay = Backoff.after(failures);
      if (System.nanoTime() + delay.toNanos() > deadline || !slept(delay)) {
        throw giveBack(left);
      }
      left = delivery.attempt(left);
    }
  }

  private IntakeUnavailableException giveBack(List<PendingRecord> left) {
    String reason = delivery.condition().reason();
    delivery.abandon(left);
    left.forEach(
        record ->
            accounts.settled(
                record.raw().origin().orElseThrow().log(),
                record.raw().size(),
                Settlement.RELEASED));
    return new IntakeUnavailableException(left.size() + " events are not durable: " + reason);
  }

  private static boolean slept(Duration delay) {
    try {
      Thread.sleep(delay.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** One record's place in its request. */
  private final class Entry implements Receipt {
    private final ItemResult[] results;
    private final int index;
    private final String eventId;
    private final Lane lane;

    Entry(ItemResult[] results, int index, IntakeRecord record) {
      this.results = results;
      this.index = index;
      this.eventId = record.record().position().eventId();
      this.lane = Lane.of(record);
    }

    @Override
    public void settled(PendingRecord record, Settlement how) {
      record.account(accounts, lane.embeddedLog(), how);
      results[index] = result(record, how);
    }

    private ItemResult result(PendingRecord record, Settlement how) {
      return switch (how) {
        case DUPLICATE -> new ItemResult(ItemResult.Status.DUPLICATE, eventId, "");
        case DEADLETTERED ->
            new ItemResult(
                ItemResult.Status.DEAD_LETTERED,
                eventId,
                record.poison().map(p -> p.reason().text() + ": " + p.detail()).orElse(""));
        default -> new ItemResult(ItemResult.Status.ACCEPTED, eventId, "");
      };
    }

    @Override
    public boolean isWanted() {
      return true;
    }
  }
}
