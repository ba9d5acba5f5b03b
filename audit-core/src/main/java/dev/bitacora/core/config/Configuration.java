package dev.bitacora.core.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The values in force: option, else environment, else file, else default. Immutable; every value
 * has been checked for its kind. {@code toString()} masks secrets.
 */
public final class Configuration {
  private final Map<Setting, Value> values;
  private final Map<String, String> kafka;

  /** A value and the place it came from. */
  record Value(String text, String source) {}

  Configuration(Map<Setting, Value> values, Map<String, String> kafka) {
    this.values = new EnumMap<>(Setting.class);
    this.values.putAll(values);
    this.kafka = new TreeMap<>(kafka);
  }

  /** From the process's environment alone. */
  public static Configuration fromEnvironment() {
    return new ConfigurationReader(System.getenv()).read();
  }

  /** A reader over an environment, to which options and a file can be added. */
  public static ConfigurationReader reader(Map<String, String> environment) {
    return new ConfigurationReader(environment);
  }

  /** The value or the default; empty when there is neither. */
  public Optional<String> text(Setting setting) {
    Value value = values.get(setting);
    return value == null ? setting.defaultValue() : Optional.of(value.text());
  }

  /** The value or the default of a setting that always has one of these. */
  public String require(Setting setting) {
    return text(setting)
        .orElseThrow(() -> new InvalidConfigurationException(List.of(missing(setting))));
  }

  /** What to say of a setting without which nothing works. */
  public static String missing(Setting setting) {
    return setting.key()
        + ": required; set --"
        + setting.key()
        + " or "
        + setting.variable()
        + " ("
        + setting.description()
        + ")";
  }

  public Optional<Path> path(Setting setting) {
    return text(setting).map(Path::of);
  }

  public boolean flag(Setting setting) {
    return Boolean.parseBoolean(require(setting));
  }

  public int number(Setting setting) {
    return Integer.parseInt(require(setting));
  }

  public Duration days(Setting setting) {
    return Duration.ofDays(Long.parseLong(require(setting)));
  }

  /** True when somebody set it, the default aside. */
  public boolean isSet(Setting setting) {
    return values.containsKey(setting);
  }

  /**
   * Properties of Kafka's clients, under Kafka's names: {@code BITACORA_KAFKA_SECURITY_PROTOCOL} is
   * {@code security.protocol}. Empty when no broker is configured.
   */
  public Map<String, String> kafkaProperties() {
    return Map.copyOf(kafka);
  }

  /**
   * One line a value that is set, {@code data-dir = /srv/bitacora (environment)}; secrets masked.
   */
  public List<String> effective() {
    List<String> lines = new ArrayList<>();
    values.forEach(
        (setting, value) ->
            lines.add(
                setting.key()
                    + " = "
                    + (setting.isSecret() ? "********" : value.text())
                    + " ("
                    + value.source()
                    + ")"));
    kafka.forEach(
        (key, value) -> lines.add("kafka." + key + " = " + (isSecret(key) ? "********" : value)));
    return lines;
  }

  private static boolean isSecret(String kafkaKey) {
    String key = kafkaKey.toLowerCase(Locale.ROOT);
    return key.contains("password")
        || key.contains("jaas")
        || key.contains("secret")
        || key.endsWith(".key");
  }

  @Override
  public String toString() {
    return "Configuration" + effective();
  }
}
