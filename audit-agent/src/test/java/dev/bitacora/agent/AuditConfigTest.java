package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditConfigTest {
  private static Map<String, String> complete() {
    Map<String, String> variables = new HashMap<>();
    variables.put("BITACORA_SERVICE_NAME", "api");
    variables.put("BITACORA_ENVIRONMENT", "prd");
    variables.put("BITACORA_URL", "https://audit.example.com:7070/base");
    return variables;
  }

  @Test
  void variables_haveTheirNames() {
    Map<String, String> variables = complete();
    variables.put("BITACORA_SERVICE_VERSION", "1.2");
    variables.put("BITACORA_NODE_NAME", "api-1");
    variables.put("BITACORA_TOKEN", "t");
    variables.put("BITACORA_CA_FILE", "/etc/hostname");
    variables.put("BITACORA_ENABLED", "true");
    variables.put("BITACORA_QUIET", "true");
    AuditConfig config = EnvironmentSettings.read(variables);

    assertThat(config.problems()).isEmpty();
    assertThat(config.component()).isEqualTo("api");
    assertThat(config.environment()).isEqualTo("prd");
    assertThat(config.version()).contains("1.2");
    assertThat(config.nodeName()).contains("api-1");
    assertThat(config.url()).contains(URI.create("https://audit.example.com:7070/base"));
    assertThat(config.token()).contains("t");
    assertThat(config.caFile()).contains(Path.of("/etc/hostname"));
    assertThat(config.isQuiet()).isTrue();
  }

  @Test
  void defaults_areTheDocumentedOnes() {
    AuditConfig config = EnvironmentSettings.read(complete());

    assertThat(config.problems()).isEmpty();
    assertThat(config.isEnabled()).isTrue();
    assertThat(config.isQuiet()).isFalse();
    assertThat(config.usesKafka()).isFalse();
    assertThat(config.version()).isEmpty();
    assertThat(config.token()).isEmpty();
    assertThat(config.drain()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.auditSpoolBytes()).isEqualTo(1L << 30);
    assertThat(config.logSpoolBytes()).isEqualTo(256L << 20);
    assertThat(config.spoolFull()).isEqualTo(SpoolFull.COUNT);
    assertThat(config.maxBlock()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.spoolDir()).endsWithRaw(Path.of("bitacora", "spool"));
  }

  @Test
  void kafkaVariables_becomeProducerPropertiesAndSelectKafka() {
    Map<String, String> variables = complete();
    variables.put("BITACORA_KAFKA_BOOTSTRAP_SERVERS", "b1:9092,b2:9092");
    variables.put("BITACORA_KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
    variables.put("BITACORA_KAFKA_SSL_TRUSTSTORE_LOCATION", "/etc/trust.jks");
    AuditConfig config = EnvironmentSettings.read(variables);

    assertThat(config.problems()).isEmpty();
    assertThat(config.usesKafka()).isTrue();
    assertThat(config.kafka())
        .containsOnly(
            Map.entry("bootstrap.servers", "b1:9092,b2:9092"),
            Map.entry("security.protocol", "SASL_SSL"),
            Map.entry("ssl.truststore.location", "/etc/trust.jks"));
  }

  @Test
  void spoolVariables_areRead() {
    Map<String, String> variables = complete();
    variables.put("BITACORA_SPOOL_DIR", "/var/spool/bitacora");
    variables.put("BITACORA_SPOOL_AUDIT_MIB", "64");
    variables.put("BITACORA_SPOOL_LOG_MIB", "8");
    variables.put("BITACORA_SPOOL_FULL", "Block");
    variables.put("BITACORA_SPOOL_MAX_BLOCK_MS", "250");
    AuditConfig config = EnvironmentSettings.read(variables);

    assertThat(config.problems()).isEmpty();
    assertThat(config.spoolDir()).isEqualTo(Path.of("/var/spool/bitacora"));
    assertThat(config.auditSpoolBytes()).isEqualTo(64L << 20);
    assertThat(config.logSpoolBytes()).isEqualTo(8L << 20);
    assertThat(config.spoolFull()).isEqualTo(SpoolFull.BLOCK);
    assertThat(config.maxBlock()).isEqualTo(Duration.ofMillis(250));
    variables.put("BITACORA_SPOOL_FULL", "wait");
    assertThat(EnvironmentSettings.read(variables).problems())
        .containsExactly("BITACORA_SPOOL_FULL: expected count, block or fail, found \"wait\"");
  }

  @Test
  void problems_areAllListed() {
    AuditConfig config =
        AuditConfig.builder()
            .url(URI.create("audit.example.com"))
            .token("two words")
            .caFile(Path.of("/no/such/file"))
            .heartbeat(Duration.ZERO)
            .drain(Duration.ofSeconds(-1))
            .auditSpoolBytes(0)
            .logSpoolBytes(-1)
            .build();

    assertThat(config.problems()).hasSize(9);
    assertThat(config.problems().toString()).doesNotContain("two words");
  }

  @Test
  void kafkaPropertiesWithoutBrokers_areAProblem() {
    AuditConfig config =
        AuditConfig.builder()
            .component("api")
            .environment("prd")
            .kafka(Map.of("linger.ms", "5"))
            .build();

    assertThat(config.problems())
        .singleElement()
        .asString()
        .startsWith("BITACORA_KAFKA_BOOTSTRAP_SERVERS");
  }

  @Test
  void toString_tellsNoSecret() {
    AuditConfig config = AuditConfig.builder().component("api").token("t0ken").build();

    assertThat(config.toString()).contains("api").doesNotContain("t0ken");
  }
}
