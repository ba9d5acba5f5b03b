package dev.bitacora.agent.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.AgentHealth;
import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.Receipt;
import dev.bitacora.agent.testing.BreakingInterceptor;
import dev.bitacora.agent.testing.SpoolFolder;
import dev.bitacora.agent.testing.StreamCheck;
import dev.bitacora.agent.testing.TopicReader;
import dev.bitacora.agent.transport.DeliveryFailure;
import dev.bitacora.agent.transport.Transport;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.config.InvalidConfigurationException;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.testkit.KafkaBroker;
import dev.bitacora.testkit.SharedEngines;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaTransportTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static KafkaBroker broker;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = SharedEngines.guardedKafka();
    createTopics(broker);
  }

  private static void createTopics(KafkaBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      Set<String> names = admin.listTopics().names().get(30, TimeUnit.SECONDS);
      List<NewTopic> missing =
          Stream.of("bitacora.audit", "bitacora.log")
              .filter(name -> !names.contains(name))
              .map(name -> new NewTopic(name, 3, (short) 1))
              .toList();
      admin.createTopics(missing).all().get(30, TimeUnit.SECONDS);
    }
  }

  private static AuditConfig.Builder config(String bootstrapServers) {
    return AuditConfig.builder()
        .spoolDir(SpoolFolder.fresh())
        .component("batch")
        .environment("prd")
        .kafka(Map.of("bootstrap.servers", bootstrapServers))
        .quiet(true);
  }

  private static List<WireRecord> ofStream(String topic, AuditLog audit) {
    return TopicReader.distinct(broker.bootstrapServers(), topic).stream()
        .filter(r -> r.position().stream().equals(audit.auditStream().orElseThrow()))
        .toList();
  }

  @Test
  void record_arrivesWithHeadersChainAndContiguousNumbers() {
    AuditLog audit = AuditLog.open(config(broker.bootstrapServers()).drain(PATIENCE).build());
    Map<String, byte[]> recorded =
        IntStream.range(0, 3000)
            .mapToObj(i -> audit.event("a.b").detail("i", i).success().record())
            .collect(Collectors.toMap(r -> r.eventId().orElseThrow(), Receipt::bytes));
    Receipt line = audit.logLine("INFO", "app", "hello").record();
    audit.close();

    List<WireRecord> stream = ofStream("bitacora.audit", audit);
    StreamCheck.assertNoUnexplainedGap(stream);
    StreamCheck.assertChained(stream);
    assertThat(stream.get(0).kind()).isEqualTo(RecordKind.CONTROL);
    List<WireRecord> events = stream.stream().filter(r -> r.kind() == RecordKind.AUDIT).toList();
    assertThat(events).hasSize(3000);
    events.forEach(r -> assertThat(r.value()).isEqualTo(recorded.get(r.position().eventId())));
    assertThat(TopicReader.distinct(broker.bootstrapServers(), "bitacora.log"))
        .filteredOn(r -> r.position().equals(line.position().orElseThrow()))
        .singleElement()
        .matches(r -> r.kind() == RecordKind.LOG);
  }

  @Test
  void brokerKilledAndRestarted_everythingArrives() {
    AuditLog audit = AuditLog.open(config(broker.bootstrapServers()).drain(PATIENCE).build());
    List<Receipt> receipts = new ArrayList<>();
    receipts.add(audit.event("before").success().record());
    await().atMost(PATIENCE).until(() -> audit.health().acknowledged() == 1);

    broker.kill();
    for (int i = 0; i < 500; i++) {
      receipts.add(audit.event("during").success().record());
    }
    broker.restart();
    receipts.add(audit.event("after").success().record());
    audit.close();

    assertThat(audit.health().acknowledged()).isEqualTo(502);
    List<WireRecord> stream = ofStream("bitacora.audit", audit);
    StreamCheck.assertNoUnexplainedGap(stream);
    StreamCheck.assertChained(stream);
    assertThat(stream.stream().map(r -> Optional.of(r.position())))
        .containsAll(receipts.stream().map(Receipt::position).toList());
  }

  @Test
  void producerWhoseOwnThreadDied_isReplaced() {
    Map<String, String> properties =
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "interceptor.classes",
            BreakingInterceptor.class.getName(),
            "request.timeout.ms",
            "500",
            "delivery.timeout.ms",
            "1000");
    BreakingInterceptor.breakNext();
    AuditLog audit =
        AuditLog.open(config(broker.bootstrapServers()).kafka(properties).drain(PATIENCE).build());
    Receipt receipt = audit.event("a.b").success().record();
    audit.close();

    assertThat(BreakingInterceptor.hasBroken()).isTrue();
    assertThat(audit.health().lastError().orElseThrow()).contains("gave no answer in 6 s");
    assertThat(ofStream("bitacora.audit", audit))
        .anyMatch(r -> Optional.of(r.position()).equals(receipt.position()));
  }

  @Test
  void recordRemotely_completesWhenTheBrokerHasIt() throws Exception {
    try (AuditLog audit = AuditLog.open(config(broker.bootstrapServers()).build())) {
      Receipt receipt = audit.event("a.b").success().recordRemotely().get(60, TimeUnit.SECONDS);

      assertThat(ofStream("bitacora.audit", audit))
          .anyMatch(r -> Optional.of(r.position()).equals(receipt.position()));
    }
  }

  @Test
  void absentOrUnresolvableBroker_isRetriedAndHarmsNobody() {
    for (String servers : List.of("127.0.0.1:1", "no-such-host.invalid:9092")) {
      Map<String, String> hasty = Map.of("bootstrap.servers", servers, "max.block.ms", "1000");
      AuditConfig.Builder config = config(servers).kafka(hasty).drain(Duration.ZERO);
      try (AuditLog audit = AuditLog.open(config.build())) {
        assertThat(audit.event("a.b").success().record().isAccepted()).isTrue();

        await().atMost(PATIENCE).until(() -> audit.health().state() == AgentHealth.State.DEGRADED);
        assertThat(audit.health().lastError().orElseThrow()).contains(servers);
        assertThat(audit.health().queueBytes()).isPositive();
      }
    }
  }

  @Test
  void missingTopic_isHeldAndReported() {
    KafkaTransports elsewhere =
        new KafkaTransports(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "max.block.ms", "2000"),
            "no.such.topic",
            "bitacora-test");
    WireRecord record =
        new WireRecord(
            RecordKind.AUDIT,
            new StreamPosition(StreamId.newAt(Instant.now()), 0),
            ChainLink.ZERO,
            new byte[1]);

    assertThatThrownBy(
            () -> {
              try (Transport transport = elsewhere.open()) {
                transport.send(List.of(record, record)).get(30, TimeUnit.SECONDS);
              }
            })
        .hasMessageContaining("no.such.topic")
        .cause()
        .asInstanceOf(InstanceOfAssertFactories.type(DeliveryFailure.class))
        .extracting(DeliveryFailure::reaction)
        .isEqualTo(DeliveryFailure.Reaction.HOLD);
  }

  @Test
  void settings_areTheOnesThatThePromisesRestOn() {
    Map<String, Object> settings =
        ProducerSettings.of(
            Map.of(
                "bootstrap.servers", "b:1",
                "linger.ms", "7",
                "security.protocol", "SSL",
                "group.id", "a consumer's"),
            "client-1");

    assertThat(settings)
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("max.in.flight.requests.per.connection", 5)
        .containsEntry("delivery.timeout.ms", 120_000)
        .containsEntry("max.block.ms", 5_000)
        .containsEntry("batch.size", 131_072)
        .containsEntry("buffer.memory", 16_777_216)
        .containsEntry("max.request.size", 1_048_576)
        .containsEntry("linger.ms", "7")
        .containsEntry("security.protocol", "SSL")
        .containsEntry("client.id", "client-1")
        .doesNotContainKeys("transactional.id", "group.id");
  }

  /** One that a release of the client has dropped would be ignored without a word. */
  @Test
  void settings_areKnownToTheClient() {
    assertThat(ProducerConfig.configNames())
        .containsAll(ProducerSettings.of(Map.of(), "client-1").keySet());
  }

  @Test
  void hostsJmx_isNotFilledWithTheProducersMetrics() throws Exception {
    try (AuditLog audit = AuditLog.open(config(broker.bootstrapServers()).build())) {
      Receipt receipt = audit.event("a.b").success().recordRemotely().get(60, TimeUnit.SECONDS);

      assertThat(receipt.isAccepted()).isTrue();
      assertThat(
              ManagementFactory.getPlatformMBeanServer()
                  .queryNames(new ObjectName("kafka.producer:type=producer-*,*"), null))
          .isEmpty();
    }
  }

  @Test
  void open_withUnknownOrForbiddenProperties_namesThem() {
    AuditConfig config =
        config("b:1")
            .kafka(Map.of("bootstrap.servers", "b:1", "acks", "1", "linger.mss", "5"))
            .build();

    assertThatThrownBy(() -> AuditLog.open(config))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("BITACORA_KAFKA_ACKS: set by the agent")
        .hasMessageContaining("did you mean BITACORA_KAFKA_LINGER_MS?");
  }
}
