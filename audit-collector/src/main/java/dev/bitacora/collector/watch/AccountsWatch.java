package dev.bitacora.collector.watch;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Balance;
import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.Alarms;
import dev.bitacora.collector.alarm.Severity;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Fires when the accounts say that something was lost, doubled under one id, or parked. None of it
 * can be undone, so each of these alarms ends by itself some time after it last happened.
 */
public final class AccountsWatch implements Watch {
  static final String LOST = "BitacoraLostOffsets";
  static final String CONFLICT = "BitacoraConflictingEvents";
  static final String DEAD_LETTERS = "BitacoraDeadLetters";

  static final Duration GRAVE = Duration.ofHours(24);
  static final Duration PARKED = Duration.ofHours(1);

  private final Accounts accounts;
  private final Alarms alarms;
  private final Map<String, Long> lost = new HashMap<>();
  private final Map<String, Long> conflicts = new HashMap<>();
  private final Map<DeadLetterReason, Long> deadLetters = new EnumMap<>(DeadLetterReason.class);

  public AccountsWatch(Accounts accounts, Alarms alarms) {
    this.accounts = accounts;
    this.alarms = alarms;
  }

  @Override
  public void look() {
    accounts.balances().forEach(this::look);
    accounts.balance().deadLettered().forEach(this::lookAtDeadLetters);
  }

  private void look(String log, Balance balance) {
    if (rose(lost, log, balance.lost())) {
      grave(
          LOST,
          log,
          balance.lost()
              + " records of "
              + log
              + " were removed by Kafka's retention before they were read: these events are lost."
              + " Find out why the collectors were so far behind; lengthen the topic's retention.");
    }
    if (rose(conflicts, log, balance.conflicts())) {
      grave(
          CONFLICT,
          log,
          balance.conflicts()
              + " events of "
              + log
              + " have the id of another event and other bytes; both are kept. Somebody forges"
              + " events, or an agent's spool was copied or restored from a backup.");
    }
  }

  private void grave(String name, String log, String summary) {
    alarms.fireFor(new Alarm(name, Severity.CRITICAL, Map.of("partition", log), summary), GRAVE);
  }

  private void lookAtDeadLetters(DeadLetterReason reason, long count) {
    if (rose(deadLetters, reason, count)) {
      alarms.fireFor(
          new Alarm(
              DEAD_LETTERS,
              Severity.WARNING,
              Map.of("reason", reason.text()),
              count
                  + " records became dead letters ("
                  + reason.text()
                  + ") since this collector started: they are kept, but nobody finds them."
                  + " Look at them, mend the cause, replay them."),
          PARKED);
    }
  }

  private static <K> boolean rose(Map<K, Long> seen, K key, long count) {
    Long before = seen.put(key, count);
    return count > (before == null ? 0 : before);
  }
}
