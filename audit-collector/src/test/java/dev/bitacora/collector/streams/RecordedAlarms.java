package dev.bitacora.collector.streams;

import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.Alarms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps what fires, and what has happened. Safe for any thread. */
final class RecordedAlarms implements Alarms {
  private final Map<List<Object>, Alarm> firing = new LinkedHashMap<>();
  private final List<Alarm> happened = new ArrayList<>();
  private final List<Alarm> everFired = new ArrayList<>();

  @Override
  public synchronized void fire(Alarm alarm) {
    firing.put(List.of(alarm.name(), alarm.labels()), alarm);
    everFired.add(alarm);
  }

  @Override
  public synchronized void fireFor(Alarm alarm, Duration time) {
    happened.add(alarm);
    everFired.add(alarm);
  }

  @Override
  public synchronized void resolve(String name, Map<String, String> labels) {
    if (firing.remove(List.of(name, labels)) == null) {
      throw new AssertionError(name + " does not fire");
    }
  }

  /** Names of what fires now. */
  synchronized List<String> names() {
    return firing.values().stream().map(Alarm::name).toList();
  }

  synchronized List<Alarm> firing() {
    return List.copyOf(firing.values());
  }

  synchronized List<Alarm> happened() {
    return List.copyOf(happened);
  }

  synchronized List<Alarm> everFired() {
    return List.copyOf(everFired);
  }
}
