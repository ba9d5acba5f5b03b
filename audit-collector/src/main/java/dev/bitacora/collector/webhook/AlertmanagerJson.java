package dev.bitacora.collector.webhook;

import dev.bitacora.collector.alarm.FiringAlarm;
import dev.bitacora.core.json.JsonWriter;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What Alertmanager takes at {@code POST /api/v2/alerts}:
 *
 * <pre>
 * [{"labels": {"alertname": …, "severity": …, …}, "annotations": {"summary": …},
 *   "startsAt": …, "endsAt": …, "generatorURL": …}, …]
 * </pre>
 *
 * One whose {@code endsAt} lies ahead fires until then; one whose {@code endsAt} has passed is
 * resolved.
 */
final class AlertmanagerJson {
  private AlertmanagerJson() {}

  /** An alarm and when it is over. */
  record Alert(FiringAlarm firing, Instant endsAt) {}

  static byte[] of(List<Alert> alerts, URI source) {
    return JsonWriter.toBytes(alerts.stream().map(alert -> object(alert, source)).toList());
  }

  private static Map<String, Object> object(Alert alert, URI source) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("labels", labels(alert.firing()));
    object.put("annotations", Map.of("summary", alert.firing().alarm().summary()));
    object.put("startsAt", alert.firing().startsAt().toString());
    object.put("endsAt", alert.endsAt().toString());
    object.put("generatorURL", source.toString());
    return object;
  }

  private static Map<String, String> labels(FiringAlarm firing) {
    Map<String, String> labels = new TreeMap<>();
    firing.alarm().labels().forEach((name, value) -> labels.put(labelName(name), value));
    labels.put("alertname", firing.alarm().name());
    labels.put("severity", firing.alarm().severity().text());
    return labels;
  }

  /** One bad name would make Alertmanager refuse the request for ever. */
  private static String labelName(String name) {
    String allowed = name.replaceAll("[^a-zA-Z0-9_]", "_");
    return allowed.isEmpty() || Character.isDigit(allowed.charAt(0)) ? "_" + allowed : allowed;
  }
}
