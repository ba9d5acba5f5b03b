package dev.bitacora.collector.alarm;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What fires now. Each beginning and each end is logged once and told to every listener. Holds at
 * most {@link #MOST} alarms; what is fired beyond them is refused, counted, and one alarm says so.
 * Kept in memory only: who fires an alarm fires it again after a restart if it still holds. Safe
 * for any thread.
 */
public final class AlarmBoard implements Alarms {
  /** As many alarms may fire at the same time, and one more that says that there are too many. */
  public static final int MOST = 1000;

  static final String TOO_MANY = "BitacoraTooManyAlarms";

  private static final Logger LOG = LoggerFactory.getLogger(AlarmBoard.class);
  private static final Duration TOO_MANY_FOR = Duration.ofHours(1);

  private final Clock clock;
  private final List<AlarmListener> listeners = new CopyOnWriteArrayList<>();
  private final Map<Alarm.Key, Entry> entries = new LinkedHashMap<>();
  private long refused;

  /**
   * @param until when it is over by itself; {@link Instant#MAX} when somebody will resolve it
   */
  private record Entry(FiringAlarm firing, Instant until) {}

  public AlarmBoard(Clock clock) {
    this.clock = clock;
  }

  /** Tells it of everything that begins or ends from now on. */
  public void listen(AlarmListener listener) {
    listeners.add(listener);
  }

  @Override
  public synchronized void fire(Alarm alarm) {
    put(alarm, Instant.MAX);
  }

  @Override
  public synchronized void fireFor(Alarm alarm, Duration time) {
    put(alarm, clock.instant().plus(time));
  }

  @Override
  public synchronized void resolve(String name, Map<String, String> labels) {
    end(new Alarm.Key(name, labels));
  }

  /** Ends those whose time is over; to be called every second or so. */
  public synchronized void endOverdue() {
    Instant now = clock.instant();
    List<Alarm.Key> overdue =
        entries.entrySet().stream()
            .filter(entry -> !entry.getValue().until().isAfter(now))
            .map(Map.Entry::getKey)
            .toList();
    overdue.forEach(this::end);
  }

  /** What fires now, the oldest first. */
  public synchronized List<FiringAlarm> firing() {
    return entries.values().stream().map(Entry::firing).toList();
  }

  private void put(Alarm alarm, Instant until) {
    Entry before = entries.get(alarm.key());
    if (before == null) {
      begin(alarm, until);
    } else if (before.firing().alarm().severity() != alarm.severity()) {
      // The severity is a label to whoever receives it: there it is another alarm.
      end(alarm.key());
      begin(alarm, until);
    } else {
      FiringAlarm updated = new FiringAlarm(alarm, before.firing().startsAt());
      entries.put(alarm.key(), new Entry(updated, until));
    }
  }

  private void begin(Alarm alarm, Instant until) {
    if (entries.size() >= MOST && !alarm.name().equals(TOO_MANY)) {
      refuse(alarm);
      return;
    }
    FiringAlarm firing = new FiringAlarm(alarm, now());
    entries.put(alarm.key(), new Entry(firing, until));
    LOG.warn("Alarms: {} ({}) fires: {}", alarm.key(), alarm.severity().text(), alarm.summary());
    tell(listener -> listener.began(firing));
  }

  private void refuse(Alarm alarm) {
    refused++;
    fireFor(
        new Alarm(
            TOO_MANY,
            Severity.CRITICAL,
            Map.of(),
            "More than "
                + MOST
                + " alarms fire at the same time; "
                + refused
                + " more were refused, the last of them "
                + alarm.key()
                + ". Look for what they have in common."),
        TOO_MANY_FOR);
  }

  private void end(Alarm.Key key) {
    Entry ended = entries.remove(key);
    if (ended == null) {
      return;
    }
    Instant endsAt = now();
    LOG.info(
        "Alarms: {} is over after {} s",
        key,
        Duration.between(ended.firing().startsAt(), endsAt).toSeconds());
    tell(listener -> listener.over(ended.firing(), endsAt));
  }

  private void tell(Consumer<AlarmListener> news) {
    for (AlarmListener listener : listeners) {
      try {
        news.accept(listener);
      } catch (RuntimeException e) {
        LOG.error("Alarms: a listener failed; the alarm stands all the same", e);
      }
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
