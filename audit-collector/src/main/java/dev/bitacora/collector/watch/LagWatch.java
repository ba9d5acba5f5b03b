package dev.bitacora.collector.watch;

import dev.bitacora.collector.accounting.Lag;
import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.Alarms;
import dev.bitacora.collector.alarm.Severity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Fires for a partition whose oldest unsettled record is older than five minutes, or of which more
 * than 100,000 records have been waiting for five minutes. Is over after a minute without either,
 * or when the partition went to another collector, which then watches it.
 */
public final class LagWatch implements Watch {
  static final String NAME = "BitacoraLag";
  static final Duration TOO_OLD = Duration.ofMinutes(5);
  static final long TOO_MANY = 100_000;
  static final Duration CALM = Duration.ofMinutes(1);

  private final Supplier<Map<String, Lag>> lags;
  private final Alarms alarms;
  private final Clock clock;
  private final Map<String, Backlog> backlogs = new HashMap<>();

  /** Since when a partition has been behind, and when it last was. */
  private record Backlog(Instant since, Instant last) {}

  /**
   * @param lags of the partitions that are ours now
   */
  public LagWatch(Supplier<Map<String, Lag>> lags, Alarms alarms, Clock clock) {
    this.lags = lags;
    this.alarms = alarms;
    this.clock = clock;
  }

  @Override
  public void look() {
    Map<String, Lag> now = lags.get();
    for (String gone : backlogs.keySet().stream().filter(log -> !now.containsKey(log)).toList()) {
      forget(gone);
    }
    now.forEach(this::look);
  }

  private void look(String log, Lag lag) {
    Instant now = clock.instant();
    boolean old = lag.age().compareTo(TOO_OLD) > 0;
    Backlog before = backlogs.get(log);
    if (old || lag.records() > TOO_MANY) {
      Backlog backlog = new Backlog(before == null ? now : before.since(), now);
      backlogs.put(log, backlog);
      if (old || Duration.between(backlog.since(), now).compareTo(TOO_OLD) >= 0) {
        fire(log, lag);
      }
    } else if (before != null && Duration.between(before.last(), now).compareTo(CALM) >= 0) {
      forget(log);
    }
  }

  private void fire(String log, Lag lag) {
    alarms.fire(
        new Alarm(
            NAME,
            Severity.WARNING,
            Map.of("partition", log),
            "Events of "
                + log
                + " are found late: the oldest unsettled record is "
                + lag.age().toSeconds()
                + " s old, "
                + lag.records()
                + " wait to be read. /health/ready says whether the store refuses them; if all is"
                + " well, start another collector."));
  }

  private void forget(String log) {
    backlogs.remove(log);
    alarms.resolve(NAME, Map.of("partition", log));
  }
}
