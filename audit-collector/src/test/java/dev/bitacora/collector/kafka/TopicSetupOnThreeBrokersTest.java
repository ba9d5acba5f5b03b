package dev.bitacora.collector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.testkit.KafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real cluster of three brokers, of which one dies. */
final class TopicSetupOnThreeBrokersTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final ConfigResource AUDIT =
      new ConfigResource(ConfigResource.Type.TOPIC, Topics.AUDIT);

  private final List<KafkaBroker> brokers = new ArrayList<>();
  private Admin admin;
  private TopicSetup setup;

  @BeforeEach
  void start() {
    brokers.add(KafkaBroker.start());
    brokers.addAll(brokers.get(0).startTwoMore());
    Map<String, String> client = Map.of("bootstrap.servers", brokers.get(0).bootstrapServers());
    admin = Admin.create(Map.copyOf(client));
    setup = new TopicSetup(new KafkaConnection(client));
    await().atMost(LONG).until(() -> admin.describeCluster().nodes().get().size() == 3);
  }

  @AfterEach
  void stop() {
    admin.close(Duration.ofSeconds(1));
    brokers.forEach(KafkaBroker::close);
  }

  @Test
  void threeBrokers_getThreeCopiesTwoInSync_andWhatChangesIsMendedOrTold() throws Exception {
    assertThat(setup.apply(3)).allSatisfy(report -> assertThat(report.findings()).isEmpty());
    assertThat(partitions()).hasSize(3).allMatch(partition -> partition.replicas().size() == 3);
    assertThat(inSync()).isEqualTo("2");

    change("1");
    assertThat(findings())
        .containsExactly("mended: min.insync.replicas was 1, expected 2: set to it");
    awaitInSync("2");

    change("3");
    assertThat(findings())
        .singleElement()
        .asString()
        .startsWith("warning: min.insync.replicas is 3 of 3 copies, so that nobody can send while");

    change("2");
    brokers.get(2).kill();
    await()
        .atMost(LONG)
        .until(() -> partitions().stream().allMatch(partition -> partition.isr().size() == 2));
    assertThat(findings())
        .contains(
            "warning: partition 0 has 2 of 3 copies in sync: a broker is down or behind; start it");
    assertThat(setup.apply(3)).allMatch(TopicReport::isGood);
  }

  private List<String> findings() throws Exception {
    return setup.apply(3).get(0).findings().stream().map(TopicReport.Finding::toString).toList();
  }

  private List<TopicPartitionInfo> partitions() throws Exception {
    return admin
        .describeTopics(Set.of(Topics.AUDIT))
        .allTopicNames()
        .get()
        .get(Topics.AUDIT)
        .partitions();
  }

  private String inSync() throws Exception {
    return admin
        .describeConfigs(Set.of(AUDIT))
        .all()
        .get()
        .get(AUDIT)
        .get("min.insync.replicas")
        .value();
  }

  private void change(String inSync) throws Exception {
    AlterConfigOp set =
        new AlterConfigOp(new ConfigEntry("min.insync.replicas", inSync), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(AUDIT, List.of(set))).all().get();
    awaitInSync(inSync);
  }

  /** Brokers answer with their own views, which follow the controller's a little later. */
  private void awaitInSync(String expected) throws Exception {
    await().atMost(LONG).until(() -> inSync().equals(expected));
  }
}
