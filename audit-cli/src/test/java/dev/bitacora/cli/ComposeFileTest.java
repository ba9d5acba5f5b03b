package dev.bitacora.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What must stay true of docker-compose.yml and can be read off its lines. */
class ComposeFileTest {
  private static final Path ROOT = Path.of(System.getProperty("bitacora.root"));
  private static final Pattern SERVICE = Pattern.compile("(?m)^  ([a-z]+):\\R((?:    .*\\R|\\R)+)");
  private static final Pattern VARIABLE = Pattern.compile("\\b(BITACORA_[A-Z_]+)");
  private static final Pattern IMAGE = Pattern.compile("(?m)^ *image: (\\S+)$|^FROM (\\S+)");
  private static final Pattern PORTS = Pattern.compile("(?m)^ *ports:(.*)$");

  private final String file = read("docker-compose.yml");

  @Test
  void variables_areSettings() {
    String documentation = read("docs/distributed.md");
    assertThat(found(VARIABLE, file + read("Dockerfile") + documentation))
        .hasSizeGreaterThan(8)
        .allMatch(ComposeFileTest::isSetting, "a setting");
  }

  private static boolean isSetting(String variable) {
    return variable.startsWith("BITACORA_KAFKA_")
        || Arrays.stream(Setting.values())
            .anyMatch(
                setting ->
                    variable.equals(setting.variable())
                        || (setting.isSecret() && variable.equals(setting.variable() + "_FILE")));
  }

  @Test
  void secrets_comeFromFiles() {
    Set<String> secrets =
        Arrays.stream(Setting.values())
            .filter(Setting::isSecret)
            .map(Setting::variable)
            .collect(Collectors.toSet());
    assertThat(found(VARIABLE, file)).doesNotContainAnyElementsOf(secrets);
    assertThat(file.lines().map(String::strip))
        .filteredOn(line -> !line.startsWith("#") && line.toLowerCase(Locale.ROOT).contains("pass"))
        .isNotEmpty()
        .allMatch(line -> line.contains("_PASSWORD_FILE: /run/bitacora/"), "a file");
  }

  @Test
  void images_haveShortNamesAndAVersion() {
    assertThat(found(IMAGE, file + read("Dockerfile")))
        .isNotEmpty()
        .allMatch(image -> image.matches("([a-z]+/)?[a-z-]+:[0-9][\\w.-]*"), "short, with version");
  }

  @Test
  void ports_areOnLoopback() {
    assertThat(found(PORTS, file))
        .isNotEmpty()
        .allMatch(
            ports -> ports.matches(" \\[\"127\\.0\\.0\\.1:\\d+(-\\d+)?:\\d+\"]"), "on 127.0.0.1");
  }

  /**
   * {@code docker-compose up --scale collector=3}; dev/check-compose asks docker-compose itself.
   */
  @Test
  void collectors_canBeMany() {
    assertThat(services().get("collector"))
        .doesNotContain("container_name:")
        .containsPattern("ports: \\[\"127\\.0\\.0\\.1:7071-\\d+:7071\"]");
    assertThat(file).doesNotContain("collector:7071");
  }

  @Test
  void services_runUnprivilegedWithinLimitsAndSayHowTheyAre() {
    Map<String, String> services = services();
    assertThat(services)
        .containsKeys("secrets", "kafka", "elasticsearch", "kibana", "setup", "collector", "viewer")
        .containsKeys("api", "cache", "assistant", "batch");
    services.forEach(
        (name, lines) -> {
          assertThat(lines)
              .as("%s is a one-shot, or has a health check", name)
              .containsPattern("<<: \\[\\*once, |healthcheck:");
          assertThat(lines)
              .as("%s takes over the hardening common to all", name)
              .containsPattern("<<: (\\[\\*once, )?\\*(service|bitacora|component)\\b");
          assertThat(lines)
              .as("%s has limits", name)
              .containsPattern("(mem_limit: \\d+[mg][\\s\\S]*cpus: |<<: \\*component)");
        });
    assertThat(file)
        .contains("no-new-privileges:true", "cap_drop: [ALL]", "read_only: true")
        .doesNotContain("privileged:", "network_mode: host", "/var/run/docker.sock");
  }

  @Test
  void stores_areOnInternalNetworksOnly() {
    assertThat(file)
        .contains("events: {internal: true}", "stores: {internal: true}")
        .contains("components: {internal: true}");
    for (String store : List.of("kafka", "elasticsearch")) {
      assertThat(services().get(store))
          .containsPattern("networks: \\[(events|stores)]")
          .doesNotContain("ports:");
    }
  }

  private Map<String, String> services() {
    int begin = file.indexOf("\nservices:\n");
    String lines = file.substring(begin, file.indexOf("\nnetworks:\n")) + "\n";
    return SERVICE
        .matcher(lines)
        .results()
        .collect(
            Collectors.toMap(
                match -> match.group(1),
                match -> match.group(2),
                (first, second) -> first,
                LinkedHashMap::new));
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(ComposeFileTest::group).distinct().toList();
  }

  /** The group that matched. */
  private static String group(MatchResult match) {
    return match.group(1) == null ? match.group(2) : match.group(1);
  }

  private static String read(String name) {
    try {
      return Files.readString(ROOT.resolve(name));
    } catch (IOException e) {
      throw new AssertionError(name + " is missing", e);
    }
  }
}
