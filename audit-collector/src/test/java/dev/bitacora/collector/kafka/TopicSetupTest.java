package dev.bitacora.collector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bitacora.collector.support.KafkaTopics;
import dev.bitacora.testkit.KafkaBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TopicSetupTest {
  private static KafkaBroker broker;

  private KafkaTopics topics;
  private TopicSetup setup;

  @BeforeAll
  static void startBroker() {
    broker = KafkaBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void open() throws Exception {
    topics = KafkaTopics.none(broker);
    setup = new TopicSetup(topics.connection());
  }

  @AfterEach
  void close() {
    topics.close();
  }

  @Test
  void apply_toAnEmptyCluster_createsWhatTheDesignAsks() throws Exception {
    List<TopicReport> reports = setup.apply(6);
    assertThat(reports)
        .extracting(TopicReport::topic)
        .containsExactly("bitacora.audit", "bitacora.log", "bitacora.dlq");
    assertThat(reports).allMatch(report -> report.action() == TopicReport.Action.CREATED);
    var described = topics.admin().describeTopics(Set.of(Topics.AUDIT)).allTopicNames().get();
    assertThat(described.get(Topics.AUDIT).partitions()).hasSize(6);
    Config audit = config(Topics.AUDIT);
    assertThat(audit.get("message.timestamp.type").value()).isEqualTo("LogAppendTime");
    assertThat(audit.get("cleanup.policy").value()).isEqualTo("delete");
    assertThat(audit.get("retention.ms").value()).isEqualTo("604800000");
    assertThat(audit.get("unclean.leader.election.enable").value()).isEqualTo("false");
    assertThat(audit.get("min.insync.replicas").value()).isEqualTo("1");
    assertThat(config(Topics.DEAD_LETTERS).get("retention.ms").value()).isEqualTo("-1");
  }

  @Test
  void apply_again_changesNothing() throws Exception {
    setup.apply(3);
    assertThat(setup.apply(3))
        .allMatch(report -> report.action() == TopicReport.Action.UNCHANGED && report.isGood());
  }

  @Test
  void apply_toATopicThatDrifted_saysWhatIsWrongAndChangesNothing() throws Exception {
    setup.apply(3);
    ConfigResource audit = new ConfigResource(ConfigResource.Type.TOPIC, Topics.AUDIT);
    topics
        .admin()
        .incrementalAlterConfigs(
            Map.of(
                audit,
                List.of(
                    set("retention.ms", "3600000"), set("message.timestamp.type", "CreateTime"))))
        .all()
        .get();
    // A broker answers with its own view, which follows the controller's a little later.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                config(Topics.AUDIT).get("retention.ms").value().equals("3600000")
                    && config(Topics.AUDIT)
                        .get("message.timestamp.type")
                        .value()
                        .equals("CreateTime"));
    TopicReport report = setup.apply(5).get(0);
    assertThat(report.isGood()).isFalse();
    assertThat(report.drift())
        .anyMatch(line -> line.contains("it has 3 partitions, set-up asks for 5"))
        .anyMatch(line -> line.contains("retention.ms is 3600000, expected 604800000"))
        .anyMatch(line -> line.contains("message.timestamp.type is CreateTime"));
    assertThat(config(Topics.AUDIT).get("retention.ms").value()).isEqualTo("3600000");
  }

  @Test
  void apply_withALongerRetention_findsItGood() throws Exception {
    setup.apply(3);
    ConfigResource audit = new ConfigResource(ConfigResource.Type.TOPIC, Topics.AUDIT);
    topics
        .admin()
        .incrementalAlterConfigs(Map.of(audit, List.of(set("retention.ms", "-1"))))
        .all()
        .get();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> config(Topics.AUDIT).get("retention.ms").value().equals("-1"));
    assertThat(setup.apply(3).get(0).isGood()).isTrue();
  }

  @Test
  void apply_withoutAServer_saysWhatToDo() {
    KafkaConnection nobody =
        new KafkaConnection(
            Map.of(
                "bootstrap.servers", "127.0.0.1:1",
                "request.timeout.ms", "500",
                "default.api.timeout.ms", "1000"));
    assertThatThrownBy(() -> new TopicSetup(nobody).apply(3))
        .isInstanceOf(TopicSetup.SetupFailedException.class)
        .hasMessage(
            "Kafka at 127.0.0.1:1 does not answer; start the broker or check"
                + " BITACORA_KAFKA_BOOTSTRAP_SERVERS");
  }

  @Test
  void connection_withoutServers_saysWhichSettingIsMissing() {
    assertThatThrownBy(() -> new KafkaConnection(Map.of()))
        .hasMessageContaining("set BITACORA_KAFKA_BOOTSTRAP_SERVERS");
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
  }

  private Config config(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    // A broker learns of a new topic a moment after the controller has confirmed it.
    return await()
        .ignoreException(ExecutionException.class)
        .until(() -> topics.admin().describeConfigs(Set.of(resource)).all().get(), c -> true)
        .get(resource);
  }
}
