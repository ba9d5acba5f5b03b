package dev.bitacora.collector.accounting;

import dev.bitacora.collector.deadletter.DeadLetterReason;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts every record from the moment it is consumed until it is settled, per log and in total, so
 * that {@link Balance#isBalanced} holds in every {@link #balance}. Safe for any thread.
 */
public final class Accounts {
  private final Map<String, Tally> logs = new HashMap<>();

  /** One record came in. */
  public synchronized void consumed(String log, long bytes) {
    Tally tally = tally(log);
    tally.consumed++;
    tally.inFlight++;
    tally.inFlightBytes += bytes;
  }

  /** One record left, other than to the dead letters. */
  public synchronized void settled(String log, long bytes, Settlement how) {
    Tally tally = out(log, bytes);
    switch (how) {
      case INDEXED -> tally.indexed++;
      case CONFLICT -> {
        tally.indexed++;
        tally.conflicts++;
      }
      case DUPLICATE -> tally.duplicates++;
      case RELEASED -> tally.released++;
      case DEADLETTERED -> throw new IllegalArgumentException("a dead letter has a reason");
    }
  }

  /** One record left to the dead letters. */
  public synchronized void deadLettered(String log, long bytes, DeadLetterReason reason) {
    out(log, bytes).deadLettered.merge(reason, 1L, Long::sum);
  }

  /** So many records were given back at once, unconfirmed. */
  public synchronized void released(String log, long records, long bytes) {
    Tally tally = tally(log);
    tally.inFlight -= records;
    tally.inFlightBytes -= bytes;
    tally.released += records;
  }

  /** So many offsets were removed before anybody read them. */
  public synchronized void lost(String log, long offsets) {
    tally(log).lost += offsets;
  }

  /** All logs together. */
  public synchronized Balance balance() {
    Balance sum = Balance.NOTHING;
    for (Tally tally : logs.values()) {
      sum = sum.plus(tally.balance());
    }
    return sum;
  }

  /** Each log, {@code <topic>/<partition>}. */
  public synchronized Map<String, Balance> balances() {
    Map<String, Balance> balances = new TreeMap<>();
    logs.forEach((log, tally) -> balances.put(log, tally.balance()));
    return balances;
  }

  private Tally out(String log, long bytes) {
    Tally tally = tally(log);
    tally.inFlight--;
    tally.inFlightBytes -= bytes;
    return tally;
  }

  private Tally tally(String log) {
    return logs.computeIfAbsent(log, unused -> new Tally());
  }

  /** One log's counters, guarded by the accounts' lock. */
  private static final class Tally {
    private long consumed;
    private long indexed;
    private long conflicts;
    private long duplicates;
    private long released;
    private long inFlight;
    private long inFlightBytes;
    private long lost;
    private final Map<DeadLetterReason, Long> deadLettered = new EnumMap<>(DeadLetterReason.class);

    Balance balance() {
      return new Balance(
          consumed,
          indexed,
          conflicts,
          duplicates,
          deadLettered,
          released,
          inFlight,
          inFlightBytes,
          lost);
    }
  }
}
