package dev.bitacora.collector.alarm;

import java.util.Map;

/**
 * Something that somebody should look at. Two alarms with the same name and labels are the same
 * alarm. Immutable.
 *
 * @param name in the form of Alertmanager's {@code alertname}, such as {@code BitacoraStreamGap}
 * @param labels what it is about, such as the component; names in the form of Prometheus' labels.
 *     Nothing that changes while it fires
 * @param summary what is wrong and what to do, for people; may change while it fires
 */
public record Alarm(String name, Severity severity, Map<String, String> labels, String summary) {
  public Alarm {
    labels = Map.copyOf(labels);
  }

  /** What makes it the same alarm as another. */
  public record Key(String name, Map<String, String> labels) {
    public Key {
      labels = Map.copyOf(labels);
    }

    /** {@code BitacoraLag{partition=bitacora.audit/0}}, for people. */
    @Override
    public String toString() {
      return labels.isEmpty() ? name : name + new java.util.TreeMap<>(labels);
    }
  }

  public Key key() {
    return new Key(name, labels);
  }
}
