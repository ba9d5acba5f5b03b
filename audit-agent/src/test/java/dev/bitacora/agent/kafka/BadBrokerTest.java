package dev.bitacora.agent.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.AgentHealth;
import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.Receipt;
import dev.bitacora.agent.testing.BadNetwork;
import dev.bitacora.agent.testing.SpoolFolder;
import dev.bitacora.agent.testing.StreamCheck;
import dev.bitacora.agent.testing.TopicReader;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.testkit.KafkaBroker;
import dev.bitacora.testkit.SharedEngines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a broker and the way to it can be like. Always: recording goes on, health says what is
 * wrong, and once it is mended everything arrives.
 */
final class BadBrokerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String WRONG_PASSWORD = "wrong-secret";
  private static final String AUDIT = "bitacora.audit";
  private static final String LOG = "bitacora.log";

  private static KafkaBroker broker;

  private final Path spool = SpoolFolder.fresh();
  private final List<Receipt> receipts = new ArrayList<>();

  @BeforeAll
  static void startBroker() throws Exception {
    broker = SharedEngines.guardedKafka();
    ensureTopics();
  }

  @AfterEach
  void nothingIsMissing() {
    Collection<WireRecord> delivered = TopicReader.distinct(broker.bootstrapServers(), AUDIT);
    Set<String> ids =
        delivered.stream()
            .filter(record -> record.kind() == RecordKind.AUDIT)
            .map(record -> record.position().eventId())
            .collect(Collectors.toSet());
    assertThat(receipts).isNotEmpty().allMatch(Receipt::isAccepted);
    assertThat(ids).containsAll(receipts.stream().map(r -> r.eventId().orElseThrow()).toList());
    StreamCheck.assertNoUnexplainedGap(List.copyOf(delivered));
    StreamCheck.byStream(List.copyOf(delivered)).values().forEach(StreamCheck::assertChained);
  }

  private interface Administration {
    void act(Admin admin) throws Exception;
  }

  private static void administer(Administration action) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      action.act(admin);
    }
  }

  private static void createTopics(String... names) throws Exception {
    List<NewTopic> topics =
        Arrays.stream(names).map(name -> new NewTopic(name, 2, (short) 1)).toList();
    administer(admin -> admin.createTopics(topics).all().get(30, TimeUnit.SECONDS));
  }

  /** An agent in this test's slot, as a component has it that is started with these settings. */
  private AuditLog open(Map<String, String> kafka) {
    Map<String, String> settings = new HashMap<>(Map.of("max.block.ms", "1000"));
    settings.putAll(kafka);
    return AuditLog.open(
        AuditConfig.builder()
            .spoolDir(spool)
            .component("batch")
            .environment("prd")
            .kafka(settings)
            .drain(Duration.ofMillis(100))
            .quiet(true)
            .build());
  }

  private void record(AuditLog audit, int count) {
    for (int i = 0; i < count; i++) {
      receipts.add(audit.event("a.b").message("x".repeat(500)).detail("i", i).success().record());
    }
  }

  private void awaitTrouble(AuditLog audit, AgentHealth.State state, String... words) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(audit.health().state()).isEqualTo(state));
    assertThat(audit.health().lastError().orElseThrow())
        .contains(words)
        .doesNotContain(KafkaBroker.PASSWORD, WRONG_PASSWORD);
    assertThat(audit.health().queueBytes()).isPositive();
    record(audit, 10);
  }

  private static void awaitDelivery(AuditLog audit) {
    await().atMost(PATIENCE).until(() -> audit.health().queueBytes() == 0);
    assertThat(audit.health().state()).isEqualTo(AgentHealth.State.UP);
  }

  /** The settings are wrong; the component is started again with the right ones. */
  private void wrongThenRight(
      Map<String, String> wrong,
      AgentHealth.State state,
      List<String> words,
      Map<String, String> right) {
    try (AuditLog audit = open(wrong)) {
      record(audit, 10);
      awaitTrouble(audit, state, words.toArray(String[]::new));
    }
    try (AuditLog audit = open(right)) {
      record(audit, 10);
      awaitDelivery(audit);
    }
  }

  private static Map<String, String> tls() {
    return Map.of(
        "bootstrap.servers",
        broker.tlsServers(),
        "security.protocol",
        "SSL",
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        broker.caFile().toString());
  }

  private static Map<String, String> login(String password) {
    Map<String, String> settings = new HashMap<>(tls());
    settings.put("bootstrap.servers", broker.loginServers());
    settings.put("security.protocol", "SASL_SSL");
    settings.put("sasl.mechanism", "PLAIN");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(KafkaBroker.USER, password));
    return settings;
  }

  private static Map<String, String> with(Map<String, String> settings, String... changes) {
    Map<String, String> changed = new HashMap<>(settings);
    for (int i = 0; i < changes.length; i += 2) {
      changed.put(changes[i], changes[i + 1]);
    }
    return changed;
  }

  @Test
  void pausedBroker_getsEverythingAfterwards() {
    try (AuditLog audit = open(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      record(audit, 10);
      awaitDelivery(audit);
      broker.pause();
      try {
        record(audit, 500);
        var remotely = audit.event("a.b").success().recordRemotely();
        await().until(() -> audit.health().oldestUnacknowledged().toMillis() > 500);
        assertThat(remotely).isNotDone();
      } finally {
        broker.resume();
      }
      awaitDelivery(audit);
    }
  }

  @Test
  void slowNetwork_delaysNobody_andEverythingArrives() {
    try (BadNetwork network = new BadNetwork(broker.proxiedServers(), broker.proxiedPort());
        AuditLog audit =
            open(
                Map.of("bootstrap.servers", broker.proxiedServers(), "compression.type", "none"))) {
      network.throttle(50);
      record(audit, 200);
      assertThat(audit.health().queueBytes()).as("it has not arrived yet").isPositive();
      awaitDelivery(audit);
    }
  }

  @Test
  void networkThatResetsConnections_losesNothing() {
    try (BadNetwork network = new BadNetwork(broker.proxiedServers(), broker.proxiedPort());
        AuditLog audit =
            open(
                Map.of("bootstrap.servers", broker.proxiedServers(), "compression.type", "none"))) {
      network.resetAfterAbout(100_000);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                record(audit, 100);
                return network.resets() >= 5;
              });
      network.mend();
      awaitDelivery(audit);
    }
  }

  @Test
  void tlsWhereTheBrokerHasNone_isSaid() {
    wrongThenRight(
        with(tls(), "bootstrap.servers", broker.bootstrapServers()),
        AgentHealth.State.DEGRADED,
        List.of(broker.bootstrapServers(), "over SSL"),
        tls());
  }

  @Test
  void noTlsWhereTheBrokerHasIt_isSaid() {
    wrongThenRight(
        Map.of("bootstrap.servers", broker.tlsServers()),
        AgentHealth.State.DEGRADED,
        List.of(broker.tlsServers()),
        tls());
  }

  @Test
  void certificateThatNobodyTrusts_isHeldAndSaid() {
    Map<String, String> javasOwn = new HashMap<>(tls());
    javasOwn.keySet().removeIf(name -> name.startsWith("ssl.truststore"));
    wrongThenRight(javasOwn, AgentHealth.State.HELD, List.of("SslAuthentication"), tls());
  }

  @Test
  void wrongPassword_isHeldAndSaid_withoutThePassword() throws Exception {
    allow("bitacora.");
    Map<String, String> wrong = login(WRONG_PASSWORD);
    wrongThenRight(
        wrong,
        AgentHealth.State.HELD,
        List.of("SaslAuthentication", "Invalid username or password"),
        login(KafkaBroker.PASSWORD));
  }

  @Test
  void topicThatMayNotBeWritten_isHeldAndSaid() throws Exception {
    administer(
        admin -> admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get(30, TimeUnit.SECONDS));
    try (AuditLog audit = open(login(KafkaBroker.PASSWORD))) {
      record(audit, 10);
      awaitTrouble(audit, AgentHealth.State.HELD, "Authorization");
    }
    allow("bitacora.");
    try (AuditLog audit = open(login(KafkaBroker.PASSWORD))) {
      awaitDelivery(audit);
    }
  }

  private static void allow(String topicPrefix) throws Exception {
    List<AclBinding> grants = new ArrayList<>();
    for (AclOperation operation : List.of(AclOperation.WRITE, AclOperation.DESCRIBE)) {
      grants.add(
          new AclBinding(
              new ResourcePattern(ResourceType.TOPIC, topicPrefix, PatternType.PREFIXED),
              new AccessControlEntry(
                  "User:" + KafkaBroker.USER, "*", operation, AclPermissionType.ALLOW)));
    }
    administer(admin -> admin.createAcls(grants).all().get(30, TimeUnit.SECONDS));
  }

  @Test
  void missingTopic_isHeldAndSaid_untilItIsThere() throws Exception {
    administer(admin -> admin.deleteTopics(List.of(AUDIT)).all().get(30, TimeUnit.SECONDS));
    try (AuditLog audit = open(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      record(audit, 10);
      awaitTrouble(audit, AgentHealth.State.HELD, AUDIT, "UnknownTopicOrPartition");
      createTopics(AUDIT);
      awaitDelivery(audit);
    } finally {
      ensureTopics();
    }
  }

  /** Whatever became of the test. */
  private static void ensureTopics() throws Exception {
    administer(
        admin -> {
          Set<String> names = admin.listTopics().names().get(30, TimeUnit.SECONDS);
          for (String topic : List.of(AUDIT, LOG)) {
            if (!names.contains(topic)) {
              createTopics(topic);
            }
          }
        });
  }

  @Test
  void recordThatTheTopicRefusesAsTooLarge_isHeldAndSaid() throws Exception {
    limitMessages("2000");
    try (AuditLog audit = open(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      receipts.add(audit.event("a.b").message(incompressible()).success().record());
      awaitTrouble(audit, AgentHealth.State.HELD, "RecordTooLarge");
    } finally {
      limitMessages("1048588");
    }
    try (AuditLog audit = open(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      awaitDelivery(audit);
    }
  }

  private static String incompressible() {
    return new Random(1)
        .ints(8_000, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static void limitMessages(String bytes) throws Exception {
    var topic = new ConfigResource(ConfigResource.Type.TOPIC, AUDIT);
    var limit =
        new AlterConfigOp(new ConfigEntry("max.message.bytes", bytes), AlterConfigOp.OpType.SET);
    administer(
        admin ->
            admin
                .incrementalAlterConfigs(Map.of(topic, List.of(limit)))
                .all()
                .get(30, TimeUnit.SECONDS));
  }
}
