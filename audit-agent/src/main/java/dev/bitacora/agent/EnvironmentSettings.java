package dev.bitacora.agent;

import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.InvalidConfigurationException;
import dev.bitacora.core.config.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The agent's part of the common settings; what cannot be read is a problem, not a failure. */
final class EnvironmentSettings {
  private EnvironmentSettings() {}

  static AuditConfig read(Map<String, String> variables) {
    try {
      return of(Configuration.reader(variables).read());
    } catch (InvalidConfigurationException e) {
      return unreadable(variables, e.problems());
    }
  }

  static AuditConfig of(Configuration settings) {
    AuditConfig.Builder config = AuditConfig.builder();
    settings.path(Setting.SPOOL_DIR).ifPresent(config::spoolDir);
    List<String> problems = new ArrayList<>();
    spoolFull(settings, problems).ifPresent(config::spoolFull);
    return config
        .problems(problems)
        .auditSpoolBytes((long) settings.number(Setting.SPOOL_AUDIT_MIB) << 20)
        .logSpoolBytes((long) settings.number(Setting.SPOOL_LOG_MIB) << 20)
        .artifactSha256(settings.text(Setting.ARTIFACT_SHA256).orElse(null))
        .maxBlock(Duration.ofMillis(settings.number(Setting.SPOOL_MAX_BLOCK_MS)))
        .component(settings.text(Setting.SERVICE_NAME).orElse(""))
        .version(settings.text(Setting.SERVICE_VERSION).orElse(null))
        .environment(settings.text(Setting.ENVIRONMENT).orElse(""))
        .nodeName(settings.text(Setting.NODE_NAME).orElse(null))
        .url(settings.text(Setting.URL).map(URI::create).orElse(null))
        .token(settings.text(Setting.TOKEN).orElse(null))
        .caFile(settings.path(Setting.CA_FILE).orElse(null))
        .kafka(settings.kafkaProperties())
        .enabled(settings.flag(Setting.ENABLED))
        .quiet(settings.flag(Setting.QUIET))
        .masking(settings.flag(Setting.MASKING))
        .maskFields(names(settings.require(Setting.MASK_FIELDS)))
        .build();
  }

  private static List<String> names(String commaSeparated) {
    return Stream.of(commaSeparated.split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static Optional<SpoolFull> spoolFull(Configuration settings, List<String> problems) {
    String text = settings.require(Setting.SPOOL_FULL);
    Optional<SpoolFull> policy =
        Stream.of(SpoolFull.values())
            .filter(p -> p.name().equalsIgnoreCase(text.strip()))
            .findFirst();
    if (policy.isEmpty()) {
      problems.add(
          Setting.SPOOL_FULL.variable()
              + ": expected count, block or fail, found \""
              + text
              + "\"");
    }
    return policy;
  }

  /** Also names what is missing, so that everything is said at once. */
  private static AuditConfig unreadable(Map<String, String> variables, List<String> found) {
    List<String> problems = new ArrayList<>(found);
    boolean hasDestination =
        isSet(variables, Setting.URL) || isSet(variables, Setting.KAFKA_BOOTSTRAP_SERVERS);
    if (!hasDestination) {
      problems.add(ConfigCheck.NO_DESTINATION);
    }
    return AuditConfig.builder()
        .component(variables.get(Setting.SERVICE_NAME.variable()))
        .environment(variables.get(Setting.ENVIRONMENT.variable()))
        .problems(problems)
        .build();
  }

  private static boolean isSet(Map<String, String> variables, Setting setting) {
    return Optional.ofNullable(variables.get(setting.variable()))
        .filter(value -> !value.isBlank())
        .isPresent();
  }
}
