package dev.bitacora.agent;

import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.InvalidConfigurationException;
import dev.bitacora.core.config.Setting;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    return AuditConfig.builder()
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
        .build();
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
