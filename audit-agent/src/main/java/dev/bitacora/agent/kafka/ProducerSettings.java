package dev.bitacora.agent.kafka;

import static java.util.Map.entry;

import dev.bitacora.core.text.Nearest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The producer's properties: the agent's defaults, the user's own, and what may not be changed. */
public final class ProducerSettings {
  /** What the promises rest on: complete, in order, without duplicates of the producer's making. */
  private static final Map<String, Object> FIXED =
      Map.of("acks", "all", "enable.idempotence", true, "max.in.flight.requests.per.connection", 5);

  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          entry("delivery.timeout.ms", 120_000),
          entry("max.block.ms", 5_000),
          entry("linger.ms", 20),
          entry("batch.size", 131_072),
          entry("buffer.memory", 16_777_216),
          entry("max.request.size", 1_048_576),
          entry("compression.type", "gzip"),
          entry("compression.gzip.level", 1),
          // Each attempt costs processor time and a warning in the host's own log.
          entry("reconnect.backoff.max.ms", 5_000),
          // The agent reports through its own health; the host's JMX and the broker's telemetry
          // are not ours to fill.
          entry("metric.reporters", List.of()),
          entry("enable.metrics.push", false));

  private static final Set<String> NOT_FOR_USERS =
      Set.of("key.serializer", "value.serializer", "client.id", "transactional.id");

  private ProducerSettings() {}

  static Map<String, Object> of(Map<String, String> user, String clientId) {
    Map<String, Object> settings = new HashMap<>(DEFAULTS);
    user.forEach(
        (name, value) -> {
          if (ProducerConfig.configNames().contains(name)) {
            settings.put(name, value);
          }
        });
    settings.putAll(FIXED);
    settings.put("client.id", clientId);
    return settings;
  }

  /** After which a producer that has accepted these settings gives a record up. */
  static Duration deliveryTimeout(Map<String, Object> settings) {
    return Duration.ofMillis(
        Long.parseLong(settings.get("delivery.timeout.ms").toString().strip()));
  }

  /** What is wrong with the user's properties, each with the setting's name. */
  public static List<String> problems(Map<String, String> user) {
    List<String> problems = new ArrayList<>();
    for (String name : new TreeSet<>(user.keySet())) {
      if (FIXED.containsKey(name) || NOT_FOR_USERS.contains(name)) {
        problems.add(variable(name) + ": set by the agent, remove it");
      } else if (!known().contains(name)) {
        String hint =
            Nearest.to(name, known())
                .map(near -> ", did you mean " + variable(near) + "?")
                .orElse("");
        problems.add(variable(name) + ": Kafka's clients have no property " + name + hint);
      }
    }
    return problems;
  }

  /** A process may hold the settings of other clients beside; those are not the producer's. */
  private static Set<String> known() {
    Set<String> known = new TreeSet<>(ProducerConfig.configNames());
    known.addAll(ConsumerConfig.configNames());
    known.addAll(AdminClientConfig.configNames());
    return known;
  }

  private static String variable(String property) {
    return "BITACORA_KAFKA_" + property.replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
