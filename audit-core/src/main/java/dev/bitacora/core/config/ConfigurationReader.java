package dev.bitacora.core.config;

import dev.bitacora.core.config.Configuration.Value;
import dev.bitacora.core.text.Nearest;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Gathers settings from their sources and reports every problem at once. Not thread-safe. */
public final class ConfigurationReader {
  private static final String KAFKA_VARIABLE = Setting.PREFIX + "KAFKA_";
  private static final String KAFKA_KEY = "kafka.";
  private static final String FILE_SUFFIX = "_FILE";

  private final Map<String, String> environment;
  private final Map<Setting, Value> values = new EnumMap<>(Setting.class);
  private final Map<String, String> kafka = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<Setting, String> options = new EnumMap<>(Setting.class);

  ConfigurationReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /** A value from the command line, which beats every other. */
  public ConfigurationReader option(Setting setting, String value) {
    options.put(setting, value);
    return this;
  }

  /**
   * The configuration.
   *
   * @throws InvalidConfigurationException with every problem
   */
  public Configuration read() {
    String file = options.getOrDefault(Setting.CONFIG, environment.get(Setting.CONFIG.variable()));
    if (file != null) {
      readFile(Path.of(file));
    }
    environment.forEach(this::readVariable);
    options.forEach((setting, value) -> values.put(setting, new Value(value, "option")));
    if (values.containsKey(Setting.KAFKA_BOOTSTRAP_SERVERS)) {
      kafka.put("bootstrap.servers", values.get(Setting.KAFKA_BOOTSTRAP_SERVERS).text());
    }
    values.forEach((setting, value) -> check(setting, value).ifPresent(problems::add));
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
    return new Configuration(values, kafka);
  }

  private void readFile(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          "config: cannot read " + file + " (" + e + "); give a file of key = value lines");
      return;
    }
    for (String key : properties.stringPropertyNames()) {
      String value = properties.getProperty(key).strip();
      Optional<Setting> setting =
          List.of(Setting.values()).stream().filter(s -> s.key().equals(key)).findFirst();
      if (setting.isPresent()) {
        values.put(setting.get(), new Value(value, file.toString()));
      } else if (key.startsWith(KAFKA_KEY)) {
        kafka.put(key.substring(KAFKA_KEY.length()), value);
      } else {
        problems.add(unknown(key, Setting.keys(), file.toString()));
      }
    }
  }

  private void readVariable(String name, String value) {
    if (!name.startsWith(Setting.PREFIX) || value.isEmpty()) {
      return;
    }
    Optional<Setting> setting = settingOf(name);
    if (setting.isPresent()) {
      values.put(setting.get(), new Value(value, "environment"));
    } else if (name.endsWith(FILE_SUFFIX)) {
      readSecret(name, value);
    } else if (name.startsWith(KAFKA_VARIABLE)) {
      kafka.put(kafkaKey(name), value);
    } else {
      problems.add(unknown(name, Setting.variables(), "environment"));
    }
  }

  private void readSecret(String variable, String file) {
    String name = variable.substring(0, variable.length() - FILE_SUFFIX.length());
    Optional<Setting> setting = settingOf(name);
    boolean isKafka = setting.isEmpty() && name.startsWith(KAFKA_VARIABLE);
    if (!isKafka && (setting.isEmpty() || !setting.get().isSecret())) {
      problems.add(unknown(variable, Setting.variables(), "environment"));
      return;
    }
    if (environment.containsKey(name)) {
      problems.add(variable + ": " + name + " is set too; keep one of them");
      return;
    }
    try {
      String secret = Files.readString(Path.of(file)).strip();
      if (isKafka) {
        kafka.put(kafkaKey(name), secret);
      } else {
        values.put(setting.get(), new Value(secret, "environment, " + file));
      }
    } catch (IOException | InvalidPathException e) {
      problems.add(variable + ": cannot read " + file + " (" + e + "); give a readable file");
    }
  }

  private static String kafkaKey(String variable) {
    return variable.substring(KAFKA_VARIABLE.length()).toLowerCase(Locale.ROOT).replace('_', '.');
  }

  private static Optional<Setting> settingOf(String variable) {
    return List.of(Setting.values()).stream()
        .filter(s -> s.variable().equals(variable))
        .findFirst();
  }

  private static String unknown(String name, List<String> known, String source) {
    return name
        + ": unknown setting ("
        + source
        + ")"
        + Nearest.to(name, known).map(near -> "; did you mean " + near + "?").orElse("");
  }

  private static Optional<String> check(Setting setting, Value value) {
    String text = value.text();
    String expected =
        switch (setting.kind()) {
          case FLAG -> text.equals("true") || text.equals("false") ? null : "true or false";
          case NUMBER -> text.matches("[1-9]\\d{0,3}") ? null : "a whole number from 1 to 9999";
          case DAYS -> isDays(text) ? null : "a whole number of days from 1 to 36500";
          case URL -> isUrl(text) ? null : "an address with http:// or https://";
          case PATH -> isPath(text) ? null : "a path";
          case TEXT, SECRET -> text.isBlank() ? "a value" : null;
        };
    return Optional.ofNullable(expected)
        .map(
            e ->
                setting.key()
                    + ": expected "
                    + e
                    + found(setting, text)
                    + " ("
                    + value.source()
                    + ")");
  }

  private static String found(Setting setting, String text) {
    return setting.isSecret() ? "" : ", found \"" + text + "\"";
  }

  private static boolean isDays(String text) {
    return text.matches("[1-9]\\d{0,4}") && Integer.parseInt(text) <= 36500;
  }

  private static boolean isUrl(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return http && uri.getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isPath(String text) {
    try {
      return !Path.of(text).toString().isEmpty();
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
