package dev.bitacora.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigurationTest {
  @TempDir Path dir;

  private static Configuration read(Map<String, String> environment) {
    return Configuration.reader(environment).read();
  }

  @Test
  void option_beatsEnvironment_beatsFile_beatsDefault() throws IOException {
    Path file =
        Files.writeString(dir.resolve("b.conf"), "data-dir = /file\nlisten = 127.0.0.1:1\n");
    Map<String, String> environment =
        Map.of("BITACORA_CONFIG", file.toString(), "BITACORA_DATA_DIR", "/environment");

    assertThat(read(Map.of()).path(Setting.DATA_DIR)).contains(Path.of("data"));
    assertThat(read(Map.of("BITACORA_CONFIG", file.toString())).path(Setting.DATA_DIR))
        .contains(Path.of("/file"));
    assertThat(read(environment).path(Setting.DATA_DIR)).contains(Path.of("/environment"));
    assertThat(read(environment).text(Setting.LISTEN)).contains("127.0.0.1:1");
    assertThat(
            Configuration.reader(environment)
                .option(Setting.DATA_DIR, "/option")
                .read()
                .path(Setting.DATA_DIR))
        .contains(Path.of("/option"));
  }

  @Test
  void everyProblem_isReportedAtOnce_withTheNearestName() throws IOException {
    Path file = Files.writeString(dir.resolve("b.conf"), "data-dri = x\nretention-logs = many\n");

    InvalidConfigurationException error =
        catchThrowableOfType(
            InvalidConfigurationException.class,
            () ->
                read(
                    Map.of(
                        "BITACORA_CONFIG", file.toString(),
                        "BITACORA_LISTN", "x",
                        "BITACORA_ENABLED", "yes",
                        "BITACORA_URL", "nowhere",
                        "BITACORA_TOKEN_FILE", dir.resolve("none").toString())));

    assertThat(error.problems())
        .hasSize(6)
        .anyMatch(
            p -> p.startsWith("data-dri: unknown setting") && p.endsWith("did you mean data-dir?"))
        .anyMatch(
            p -> p.startsWith("BITACORA_LISTN:") && p.endsWith("did you mean BITACORA_LISTEN?"))
        .anyMatch(p -> p.startsWith("retention-logs: expected a whole number of days"))
        .anyMatch(p -> p.startsWith("enabled: expected true or false"))
        .anyMatch(p -> p.startsWith("url: expected an address"))
        .anyMatch(p -> p.startsWith("BITACORA_TOKEN_FILE: cannot read"));
  }

  @Test
  void secrets_comeFromFiles_andAreMasked() throws IOException {
    Path secret = Files.writeString(dir.resolve("token"), "s3cret\n");
    Configuration configuration =
        read(
            Map.of(
                "BITACORA_TOKEN_FILE",
                secret.toString(),
                "BITACORA_ELASTICSEARCH_PASSWORD",
                "s3cret",
                "BITACORA_KAFKA_BOOTSTRAP_SERVERS",
                "k:9092",
                "BITACORA_KAFKA_SASL_JAAS_CONFIG_FILE",
                secret.toString()));

    assertThat(configuration.text(Setting.TOKEN)).contains("s3cret");
    assertThat(configuration.kafkaProperties())
        .containsEntry("sasl.jaas.config", "s3cret")
        .containsEntry("bootstrap.servers", "k:9092");
    assertThat(configuration.toString()).doesNotContain("s3cret").contains("token = ********");
  }

  @Test
  void aSecretTwice_isAnError() throws IOException {
    Path secret = Files.writeString(dir.resolve("token"), "a");

    assertThatThrownBy(
            () -> read(Map.of("BITACORA_TOKEN_FILE", secret.toString(), "BITACORA_TOKEN", "b")))
        .hasMessageContaining("keep one of them");
  }

  @Test
  void kafkaProperties_passThrough_fromEnvironmentAndFile() throws IOException {
    Path file = Files.writeString(dir.resolve("b.conf"), "kafka.security.protocol = SSL\n");

    assertThat(
            read(Map.of("BITACORA_CONFIG", file.toString(), "BITACORA_KAFKA_CLIENT_RACK", "r1"))
                .kafkaProperties())
        .isEqualTo(Map.of("security.protocol", "SSL", "client.rack", "r1"));
  }

  @Test
  void missingFileOfSettings_isNamed() {
    assertThatThrownBy(() -> read(Map.of("BITACORA_CONFIG", "/nowhere/at/all")))
        .hasMessageContaining("/nowhere/at/all");
  }

  @Test
  void values_haveTheirKinds() {
    Configuration defaults = read(Map.of("HOME", "/x", "BITACORA_TOKEN", ""));

    assertThat(defaults.flag(Setting.ENABLED)).isTrue();
    assertThat(defaults.days(Setting.RETENTION_EVENTS)).isEqualTo(Duration.ofDays(400));
    assertThat(defaults.days(Setting.RETENTION_LOGS)).isEqualTo(Duration.ofDays(30));
    assertThat(defaults.number(Setting.PARTITIONS)).isEqualTo(6);
    assertThatThrownBy(() -> read(Map.of("BITACORA_PARTITIONS", "0")))
        .hasMessageContaining("partitions: expected a whole number from 1 to 9999");
    assertThat(defaults.text(Setting.BASE_PATH)).contains("/");
    assertThat(defaults.isSet(Setting.TOKEN)).isFalse();
    assertThatThrownBy(() -> defaults.require(Setting.ELASTICSEARCH_URL))
        .hasMessageContaining("--elasticsearch-url or BITACORA_ELASTICSEARCH_URL");
  }

  @ParameterizedTest
  @EnumSource
  void everySetting_hasItsNamesAndASentence(Setting setting) {
    assertThat(setting.variable()).isEqualTo("BITACORA_" + setting.name());
    assertThat(setting.key()).matches("[a-z]+(-[a-z0-9]+)*");
    assertThat(setting.description()).isNotBlank();
    setting.defaultValue().ifPresent(d -> assertThat(setting.isSecret()).isFalse());
  }
}
