package dev.bitacora.collector.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.Receipt;
import dev.bitacora.agent.kafka.KafkaTransports;
import dev.bitacora.agent.transport.DeliveryFailure;
import dev.bitacora.agent.transport.Transport;
import dev.bitacora.agent.transport.TransportFactory;
import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.kafka.IndexerSettings;
import dev.bitacora.collector.kafka.KafkaConnection;
import dev.bitacora.collector.kafka.KafkaDeadLetters;
import dev.bitacora.collector.kafka.KafkaIndexer;
import dev.bitacora.collector.support.KafkaTopics;
import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.Retention;
import dev.bitacora.store.lucene.LuceneStore;
import dev.bitacora.testkit.SharedEngines;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real agents, a real broker and a real store; only the patience is shorter than in earnest. */
final class WatchedAgentsTest {
  private static final WatchSettings SOON =
      new WatchSettings(
          Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofDays(1), Duration.ofSeconds(1));

  @TempDir Path data;

  private final String group = "group-" + UUID.randomUUID();
  private final List<Running> running = new ArrayList<>();
  private final List<AuditLog> agents = new ArrayList<>();
  private KafkaTopics topics;
  private LuceneStore store;

  /** A collector's indexer and what it says of streams. */
  private record Running(
      KafkaIndexer indexer, StreamWatch watch, KafkaDeadLetters letters, RecordedAlarms alarms) {
    void close() {
      watch.close();
      indexer.close();
      letters.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    topics = KafkaTopics.fresh(SharedEngines.kafka());
    store = new LuceneStore(data.resolve("index"), Retention.DEFAULT);
    store.start();
  }

  @AfterEach
  void close() {
    agents.forEach(AuditLog::close);
    running.forEach(Running::close);
    store.close();
    topics.close();
  }

  private Running start() {
    Map<String, String> client = new HashMap<>(topics.client());
    client.put("group.id", group);
    client.put("session.timeout.ms", "6000");
    client.put("heartbeat.interval.ms", "500");
    KafkaConnection connection = new KafkaConnection(client);
    KafkaDeadLetters letters = new KafkaDeadLetters(connection);
    RecordedAlarms alarms = new RecordedAlarms();
    AtomicReference<KafkaIndexer> indexer = new AtomicReference<>();
    StreamWatch watch =
        new StreamWatch(
            store, letters, alarms, Clock.systemUTC(), () -> indexer.get().condition().up(), SOON);
    Delivery delivery =
        new Delivery(
            store, Retention.DEFAULT, letters, Measurements.NONE, Clock.systemUTC(), watch);
    indexer.set(
        new KafkaIndexer(
            connection,
            new IndexerSettings(2, 64L << 20, Duration.ofSeconds(20)),
            delivery,
            new Accounts(),
            Clock.systemUTC(),
            watch));
    indexer.get().start();
    watch.start();
    Running started = new Running(indexer.get(), watch, letters, alarms);
    running.add(started);
    return started;
  }

  private AuditConfig.Builder config(String component) {
    return AuditConfig.builder()
        .spoolDir(data.resolve("spool-" + agents.size()))
        .component(component)
        .environment("prd")
        .heartbeat(Duration.ofMillis(500))
        .drain(Duration.ofSeconds(10))
        .kafka(topics.client())
        .quiet(true);
  }

  private AuditLog agent(AuditConfig.Builder config) {
    AuditLog agent = AuditLog.open(config.build());
    agents.add(agent);
    return agent;
  }

  /** Writes what an agent writes; who numbers and sends it is the test. */
  private static AgentStream asAgent() {
    return new AgentStream("not/0", Instant.now());
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100));
  }

  /** A way to Kafka on which the first event is lost: acknowledged, and never sent. */
  private static final class LossyWay implements TransportFactory {
    private final TransportFactory real;
    private final AtomicReference<WireRecord> lost = new AtomicReference<>();

    LossyWay(TransportFactory real) {
      this.real = real;
    }

    @Override
    public Transport open() throws DeliveryFailure {
      Transport transport = real.open();
      return new Transport() {
        @Override
        public int pipelineDepth() {
          return 1;
        }

        @Override
        public CompletableFuture<Long> send(List<WireRecord> records) throws DeliveryFailure {
          List<WireRecord> kept = records.stream().filter(record -> !isVictim(record)).toList();
          long last = records.get(records.size() - 1).position().sequence();
          return kept.isEmpty()
              ? CompletableFuture.completedFuture(last)
              : transport.send(kept).thenApply(ignored -> last);
        }

        @Override
        public void close() {
          transport.close();
        }
      };
    }

    private boolean isVictim(WireRecord record) {
      if (lost.get() == null
          && record.kind() == RecordKind.AUDIT
          && record.position().sequence() > 0) {
        lost.set(record);
      }
      return lost.get() != null && lost.get().position().equals(record.position());
    }

    @Override
    public String destination() {
      return real.destination();
    }
  }

  @Test
  void aRecordThatGetsLostOnItsWay_isNamedByAnAlarm_untilItArrivesAfterAll() throws Exception {
    Running collector = start();
    AtomicLong number = new AtomicLong();
    LossyWay way = new LossyWay(new KafkaTransports(topics.client(), "bitacora.audit", "lossy"));
    AuditLog agent = agent(config("billing").kafka(Map.of()).transport(way));
    soon()
        .until(
            () -> {
              record(agent, number);
              return way.lost.get() != null;
            });
    record(agent, number);
    soon().until(() -> !collector.alarms().firing().isEmpty());
    Alarm gap = collector.alarms().firing().get(0);
    assertThat(gap.name()).isEqualTo("BitacoraStreamGap");
    assertThat(gap.labels())
        .containsEntry("stream", agent.auditStream().orElseThrow().toString())
        .containsEntry("service", "billing");
    assertThat(gap.summary())
        .contains("number " + way.lost.get().position().sequence() + " of stream");
    assertThat(collector.watch().counts().openGaps()).isEqualTo(1);
    topics.send(List.of(way.lost.get()));
    soon().until(() -> collector.alarms().firing().isEmpty());
    assertThat(collector.alarms().everFired()).hasSize(1);
  }

  @Test
  void partitionsThatMoveBetweenCollectors_makeNoFalseAlarm_andKeepTheTrueOne() throws Exception {
    TestStream holed = new TestStream();
    List<WireRecord> records = new ArrayList<>();
    records.add(holed.next(asAgent().start(Instant.now()).event()));
    records.addAll(holed.next(9));
    records.removeAll(List.copyOf(records.subList(4, 6)));
    topics.send(records);
    AtomicLong number = new AtomicLong();
    List<AuditLog> living = List.of(agent(config("api")), agent(config("core")));
    AuditLog ending = agent(config("job"));
    record(ending, number);
    ending.close();

    Running first = start();
    soon()
        .untilAsserted(
            () -> {
              living.forEach(agent -> record(agent, number));
              assertThat(first.alarms().names()).containsExactly("BitacoraStreamGap");
            });
    Running second = start();
    soon()
        .until(
            () -> {
              living.forEach(agent -> record(agent, number));
              return !first.indexer().lags().isEmpty() && !second.indexer().lags().isEmpty();
            });
    first.close();
    soon()
        .untilAsserted(
            () -> {
              living.forEach(agent -> record(agent, number));
              assertThat(second.indexer().lags()).hasSize(2 * KafkaTopics.PARTITIONS);
              assertThat(second.alarms().names()).containsExactly("BitacoraStreamGap");
              assertThat(second.watch().counts().live()).isEqualTo(4);
            });
    for (Running collector : running) {
      assertThat(collector.alarms().everFired())
          .allSatisfy(
              alarm -> {
                assertThat(alarm.labels()).containsEntry("stream", holed.id().toString());
                assertThat(alarm.summary()).contains("2 numbers, 4-5 of stream");
              });
    }
    assertThat(number.get()).isGreaterThan(10);
  }

  private static void record(AuditLog agent, AtomicLong number) {
    Receipt receipt =
        agent.event("invoice.approve").detail("n", number.incrementAndGet()).success().record();
    assertThat(receipt.isAccepted()).isTrue();
  }

  @Test
  void anAgentThatFallsSilent_isAnAlarm_andOneThatStopsIsNot() throws Exception {
    Running collector = start();
    AuditLog living = agent(config("api"));
    AuditLog stopping = agent(config("job"));
    record(living, new AtomicLong());
    record(stopping, new AtomicLong());
    soon().until(() -> collector.watch().counts().live() == 4);
    stopping.close();
    soon().until(() -> collector.watch().counts().live() == 2);
    TestStream dead = new TestStream();
    topics.send(List.of(dead.next(asAgent().ready(0, Instant.now()).event())));
    soon()
        .untilAsserted(
            () -> assertThat(collector.alarms().names()).containsExactly("BitacoraStreamSilent"));
    assertThat(collector.alarms().firing().get(0).labels())
        .containsEntry("stream", dead.id().toString());
  }
}
