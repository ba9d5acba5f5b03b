package dev.bitacora.collector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bitacora.collector.support.KafkaTopics;
import dev.bitacora.testkit.SharedEngines;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TopicSetupTest {
  private KafkaTopics topics;
  private TopicSetup setup;

  @BeforeEach
  void open() throws Exception {
    topics = KafkaTopics.none(SharedEngines.kafka());
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
  void apply_toATopicWithHarmlessDrift_mendsItAndSaysWhatWas() throws Exception {
    setup.apply(3);
    drift(Topics.AUDIT, "message.timestamp.type", "CreateTime");
    drift(Topics.AUDIT, "unclean.leader.election.enable", "true");
    drift(Topics.AUDIT, "max.message.bytes", "1000000");
    drift(Topics.AUDIT, "cleanup.policy", "compact,delete");

    TopicReport report = setup.apply(3).get(0);

    assertThat(report.isGood()).isTrue();
    assertThat(report.action()).isEqualTo(TopicReport.Action.MENDED);
    assertThat(report.findings())
        .extracting(TopicReport.Finding::toString)
        .contains(
            "mended: message.timestamp.type was CreateTime, expected LogAppendTime: set to it",
            "mended: unclean.leader.election.enable was true, expected false: set to it",
            "mended: max.message.bytes was 1000000, expected 20971520: set to it",
            "mended: cleanup.policy was compact,delete, expected delete: set to it",
            "warning: it was compacted: of each stream Kafka may have kept only the last record"
                + " until now");
    awaitValue(Topics.AUDIT, "message.timestamp.type", "LogAppendTime");
    awaitValue(Topics.AUDIT, "unclean.leader.election.enable", "false");
    awaitValue(Topics.AUDIT, "max.message.bytes", "20971520");
    awaitValue(Topics.AUDIT, "cleanup.policy", "delete");
    assertThat(setup.apply(3).get(0).action()).isEqualTo(TopicReport.Action.UNCHANGED);
  }

  @Test
  void apply_toATopicThatExpiresTooSoon_leavesItToWhoKnowsTheDisks() throws Exception {
    setup.apply(3);
    drift(Topics.LOG, "retention.ms", "3600000");
    drift(Topics.LOG, "retention.bytes", "1000000");

    TopicReport report = setup.apply(3).get(1);

    assertThat(report.isGood()).isFalse();
    assertThat(report.action()).isEqualTo(TopicReport.Action.UNCHANGED);
    assertRefused(
        report,
        "retention.ms is 3600000, expected at least 604800000",
        "--add-config retention.ms=604800000");
    assertRefused(report, "retention.bytes is 1000000, expected no limit");
    assertThat(config(Topics.LOG).get("retention.ms").value()).isEqualTo("3600000");
  }

  @Test
  void apply_toDeadLettersThatExpire_mendsThem() throws Exception {
    setup.apply(3);
    drift(Topics.DEAD_LETTERS, "retention.ms", "604800000");
    TopicReport report = setup.apply(3).get(2);
    assertThat(report.action()).isEqualTo(TopicReport.Action.MENDED);
    assertThat(report.isGood()).isTrue();
    awaitValue(Topics.DEAD_LETTERS, "retention.ms", "-1");
  }

  @Test
  void apply_toACompactedTopic_saysWhatThatCostsAndDoesNotTouchIt() throws Exception {
    setup.apply(3);
    drift(Topics.AUDIT, "cleanup.policy", "compact");
    TopicReport report = setup.apply(3).get(0);
    assertThat(report.isGood()).isFalse();
    assertRefused(report, "cleanup.policy is compact, expected delete: compaction drops all but");
    assertThat(config(Topics.AUDIT).get("cleanup.policy").value()).isEqualTo("compact");
  }

  @Test
  void apply_withAnotherNumberOfPartitions_keepsThoseThatAreThere() throws Exception {
    setup.apply(3);
    TopicReport report = setup.apply(5).get(0);
    assertThat(report.isGood()).isFalse();
    assertRefused(
        report, "it has 3 partitions, set-up asks for 5", "set BITACORA_PARTITIONS=3, or begin");
    var described = topics.admin().describeTopics(Set.of(Topics.AUDIT)).allTopicNames().get();
    assertThat(described.get(Topics.AUDIT).partitions()).hasSize(3);
  }

  @Test
  void apply_whereMoreCopiesAreWantedThanThereAre_saysThatNobodyCanSend() throws Exception {
    setup.apply(3);
    drift(Topics.AUDIT, "min.insync.replicas", "2");
    TopicReport report = setup.apply(3).get(0);
    assertRefused(report, "min.insync.replicas is 2 and there are 1 copies, so that nobody can");
  }

  @Test
  void apply_onOneBroker_warnsThatThereIsOneCopy() throws Exception {
    assertThat(setup.apply(3).get(0).findings())
        .extracting(TopicReport.Finding::toString)
        .containsExactly(
            "warning: it has 1 of 3 copies, because there are no more brokers: what is not indexed"
                + " yet is lost with their disks");
  }

  private static void assertRefused(TopicReport report, String... texts) {
    assertThat(report.findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.kind()).isEqualTo(TopicReport.Kind.REFUSED);
              assertThat(finding.text()).contains(texts);
            });
  }

  private void drift(String topic, String name, String value) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    topics.admin().incrementalAlterConfigs(Map.of(resource, List.of(set(name, value)))).all().get();
    awaitValue(topic, name, value);
  }

  /** A broker answers with its own view, which follows the controller's a little later. */
  private void awaitValue(String topic, String name, String value) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(config(topic).get(name).value()).isEqualTo(value));
  }

  @Test
  void apply_withALongerRetention_findsItGood() throws Exception {
    setup.apply(3);
    drift(Topics.AUDIT, "retention.ms", "-1");
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
