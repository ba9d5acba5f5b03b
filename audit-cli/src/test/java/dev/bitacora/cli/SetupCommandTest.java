package dev.bitacora.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.testkit.SharedEngines;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code bitacora setup} on a real Kafka and a real Elasticsearch. */
class SetupCommandTest {
  private static final ConfigResource LOG =
      new ConfigResource(ConfigResource.Type.TOPIC, "bitacora.log");

  private static Cli.Result setUp(String kafka, String... more) {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of(
                "setup",
                "--kafka-bootstrap-servers",
                kafka,
                "--elasticsearch-url",
                SharedEngines.elasticsearch().url().toString()));
    arguments.addAll(List.of(more));
    return Cli.call(arguments.toArray(String[]::new));
  }

  /** The broker is shared: those of the tests before, and those that this one spoilt. */
  @BeforeEach
  @AfterEach
  void removeTopics() {
    try (Admin admin = admin()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .ignoreException(ExecutionException.class)
          .until(
              () -> {
                Set<String> ours = new HashSet<>(admin.listTopics().names().get());
                ours.removeIf(name -> !name.startsWith("bitacora."));
                admin.deleteTopics(ours).all().get();
                return ours.isEmpty();
              });
    }
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", SharedEngines.kafka().bootstrapServers()));
  }

  @Test
  void itsExitCode_saysWhetherSomethingIsLeftForAnOperator() throws Exception {
    String kafka = SharedEngines.kafka().bootstrapServers();
    try (Admin admin = admin()) {
      Cli.Result first = setUp(kafka);
      assertThat(first.code()).as(first.err()).isEqualTo(ExitCode.GOOD);
      assertThat(first.out())
          .contains("kafka topic bitacora.audit: created", "warning: it has 1 of 3 copies")
          .contains("elasticsearch component template bitacora-audit@custom: ");

      change(admin, "message.timestamp.type", "CreateTime");
      Cli.Result mended = setUp(kafka);
      assertThat(mended.code()).isEqualTo(ExitCode.GOOD);
      assertThat(mended.out())
          .contains("kafka topic bitacora.log: mended")
          .contains("mended: message.timestamp.type was CreateTime, expected LogAppendTime");

      change(admin, "retention.ms", "3600000");
      Cli.Result refused = setUp(kafka);
      assertThat(refused.code()).isEqualTo(ExitCode.BAD);
      assertThat(refused.out())
          .contains("kafka topic bitacora.log: unchanged")
          .contains("refused: retention.ms is 3600000, expected at least 604800000")
          .contains("kafka-configs --bootstrap-server " + kafka)
          .contains("elasticsearch index template bitacora-audit: updated");

      Cli.Result otherPartitions = setUp(kafka, "--partitions", "8");
      assertThat(otherPartitions.code()).isEqualTo(ExitCode.BAD);
      assertThat(otherPartitions.out())
          .contains("refused: it has 6 partitions, set-up asks for 8")
          .contains("set BITACORA_PARTITIONS=6");
    }
  }

  private static void change(Admin admin, String name, String value) throws Exception {
    AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(LOG, List.of(set))).all().get();
    // A broker answers with its own view, which follows the controller's a little later.
    Awaitility.await()
        .until(
            () ->
                admin
                    .describeConfigs(List.of(LOG))
                    .all()
                    .get()
                    .get(LOG)
                    .get(name)
                    .value()
                    .equals(value));
  }
}
