package dev.bitacora.collector.streams;

import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.Alarms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns what is wrong now into what begins, changes and ends. Not thread-safe. */
final class FiringAlarms {
  private final Alarms alarms;
  private Map<Identity, Alarm> firing = new HashMap<>();

  private record Identity(String name, Map<String, String> labels) {}

  FiringAlarms(Alarms alarms) {
    this.alarms = alarms;
  }

  /** These and no others are true now. */
  void become(List<Alarm> wanted) {
    Map<Identity, Alarm> before = firing;
    firing = new HashMap<>();
    for (Alarm alarm : wanted) {
      firing.put(new Identity(alarm.name(), alarm.labels()), alarm);
    }
    List<Identity> over = new ArrayList<>(before.keySet());
    over.removeAll(firing.keySet());
    over.forEach(identity -> alarms.resolve(identity.name(), identity.labels()));
    firing.forEach(
        (identity, alarm) -> {
          if (!alarm.equals(before.get(identity))) {
            alarms.fire(alarm);
          }
        });
  }
}
