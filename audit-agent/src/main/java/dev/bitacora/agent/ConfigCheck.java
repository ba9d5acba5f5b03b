package dev.bitacora.agent;

import dev.bitacora.agent.kafka.ProducerSettings;
import dev.bitacora.agent.spool.SpoolLimits;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Finds everything that is wrong with a configuration. */
final class ConfigCheck {
  static final String NO_DESTINATION =
      "BITACORA_URL or BITACORA_KAFKA_BOOTSTRAP_SERVERS: one is required, to say where to send";

  private ConfigCheck() {}

  static List<String> problems(AuditConfig config, List<String> found) {
    List<String> problems = new ArrayList<>(found);
    if (!config.isEnabled()) {
      return problems;
    }
    if (config.component().isEmpty()) {
      problems.add("BITACORA_SERVICE_NAME: required, the component's name");
    }
    if (config.environment().isEmpty()) {
      problems.add("BITACORA_ENVIRONMENT: required, such as dev, uat or prd");
    }
    if (found.isEmpty() && config.transport().isEmpty()) {
      destination(config, problems);
    }
    positive("heartbeat", config.heartbeat().toNanos(), problems);
    atLeast("BITACORA_SPOOL_AUDIT_MIB", config.auditSpoolBytes(), problems);
    atLeast("BITACORA_SPOOL_LOG_MIB", config.logSpoolBytes(), problems);
    if (config.drain().isNegative()) {
      problems.add("drain: must not be negative");
    }
    return problems;
  }

  private static void positive(String name, long value, List<String> problems) {
    if (value <= 0) {
      problems.add(name + ": must be positive");
    }
  }

  private static void atLeast(String name, long bytes, List<String> problems) {
    if (bytes < SpoolLimits.LEAST_QUOTA) {
      problems.add(name + ": must be at least " + (SpoolLimits.LEAST_QUOTA >> 20) + " MiB");
    }
  }

  private static void destination(AuditConfig config, List<String> problems) {
    if (config.usesKafka()) {
      kafka(config, problems);
    } else if (config.url().isPresent()) {
      http(config, problems);
    } else {
      problems.add(NO_DESTINATION);
    }
  }

  private static void kafka(AuditConfig config, List<String> problems) {
    if (!config.kafka().containsKey("bootstrap.servers")) {
      problems.add(
          "BITACORA_KAFKA_BOOTSTRAP_SERVERS: required with other BITACORA_KAFKA_ settings");
    }
    try {
      problems.addAll(ProducerSettings.problems(config.kafka()));
    } catch (NoClassDefFoundError e) {
      problems.add(
          "BITACORA_KAFKA_BOOTSTRAP_SERVERS: org.apache.kafka:kafka-clients is not on the class"
              + " path");
    }
  }

  private static void http(AuditConfig config, List<String> problems) {
    URI url = config.url().orElseThrow();
    boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!isHttp || url.getHost() == null) {
      problems.add("BITACORA_URL: expected http://host:port or https://host:port");
    }
    config
        .caFile()
        .filter(file -> !Files.isReadable(file))
        .ifPresent(file -> problems.add("BITACORA_CA_FILE: " + file + " cannot be read"));
    config
        .token()
        .filter(token -> !token.chars().allMatch(c -> c > ' ' && c < 0x7f))
        .ifPresent(token -> problems.add("BITACORA_TOKEN: expected visible ASCII characters only"));
  }
}
