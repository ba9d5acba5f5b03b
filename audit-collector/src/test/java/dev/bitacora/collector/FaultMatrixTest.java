package dev.bitacora.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Balance;
import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.kafka.IndexerSettings;
import dev.bitacora.collector.kafka.KafkaConnection;
import dev.bitacora.collector.kafka.KafkaDeadLetters;
import dev.bitacora.collector.kafka.KafkaIndexer;
import dev.bitacora.collector.kafka.Topics;
import dev.bitacora.collector.support.BulkTrouble;
import dev.bitacora.collector.support.FakeElasticsearch;
import dev.bitacora.collector.support.KafkaTopics;
import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Retention;
import dev.bitacora.store.elasticsearch.ElasticsearchConfig;
import dev.bitacora.store.elasticsearch.ElasticsearchStore;
import dev.bitacora.testkit.SharedEngines;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The fast half of the fault matrix: three collectors, a real broker, and an Elasticsearch that can
 * be made to misbehave and be looked into at any moment. After every scenario: what the broker
 * acknowledged is in the index or among the dead letters, once, and nothing is in both. All the
 * while: nothing is committed that is not durable.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FaultMatrixTest {
  private static final int COLLECTORS = 3;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final String group = "group-" + UUID.randomUUID();
  private final List<Running> running = new ArrayList<>();

  /** Document ids that the broker has acknowledged, and where. */
  private final Map<TopicPartition, ConcurrentSkipListMap<Long, String>> acknowledged =
      new ConcurrentHashMap<>();

  private final Set<LogPosition> poison = new HashSet<>();
  private final List<String> tooEarly = new ArrayList<>();
  private KafkaTopics topics;
  private FakeElasticsearch elasticsearch;
  private Thread watch;

  private record Running(
      KafkaIndexer indexer, ElasticsearchStore store, KafkaDeadLetters letters, Accounts accounts) {
    /** As SIGTERM does it. */
    void close() {
      indexer.close();
      letters.close();
      store.close();
    }
  }

  @BeforeAll
  void start() throws Exception {
    topics = KafkaTopics.fresh(SharedEngines.kafka());
    elasticsearch = new FakeElasticsearch();
    startAll();
    watch = new Thread(this::watch, "commit-watch");
    watch.start();
  }

  @AfterAll
  void stop() throws Exception {
    watch.interrupt();
    watch.join();
    running.forEach(Running::close);
    elasticsearch.close();
    topics.close();
  }

  @BeforeEach
  void repair() {
    elasticsearch.end();
    elasticsearch.delay(Duration.ZERO);
  }

  /** The oracle. */
  @AfterEach
  void everythingIsThereOnce() throws Exception {
    repair();
    awaitCommittedToTheEnd();
    Set<String> expected = new HashSet<>();
    acknowledged.values().forEach(partition -> expected.addAll(partition.values()));
    List<String> found = new ArrayList<>(elasticsearch.ids());
    found.removeIf(id -> !expected.contains(id) && isCanary(id));
    assertThat(found).doesNotHaveDuplicates();
    assertThat(new HashSet<>(found)).isEqualTo(expected);
    Set<LogPosition> dead = new HashSet<>();
    for (DeadLetter letter : running.get(0).letters().list(100_000)) {
      dead.add(letter.record().origin().orElseThrow());
    }
    assertThat(dead).isEqualTo(poison);
    synchronized (tooEarly) {
      assertThat(tooEarly).isEmpty();
    }
    for (Running one : running) {
      Balance balance = one.accounts().balance();
      assertThat(balance.isBalanced()).isTrue();
    }
  }

  private boolean isCanary(String id) {
    return elasticsearch.document(id).toString().contains("collector.canary");
  }

  private void startAll() {
    for (int i = 0; i < COLLECTORS; i++) {
      running.add(collector(Map.of()));
    }
  }

  private void stopAll() {
    running.forEach(Running::close);
    running.clear();
  }

  private Running collector(Map<String, String> properties) {
    Map<String, String> client = new HashMap<>(topics.client());
    client.put("group.id", group);
    client.put("session.timeout.ms", "6000");
    client.put("heartbeat.interval.ms", "200");
    client.put("max.poll.records", "100");
    client.putAll(properties);
    KafkaConnection connection = new KafkaConnection(client);
    ElasticsearchStore store =
        new ElasticsearchStore(ElasticsearchConfig.of(elasticsearch.url()), Retention.DEFAULT);
    store.start();
    Accounts accounts = new Accounts();
    KafkaDeadLetters letters = new KafkaDeadLetters(connection);
    Delivery delivery =
        new Delivery(store, Retention.DEFAULT, letters, Measurements.NONE, Clock.systemUTC());
    KafkaIndexer indexer =
        new KafkaIndexer(
            connection,
            new IndexerSettings(4, 64L << 20, Duration.ofSeconds(1)),
            delivery,
            accounts,
            Clock.systemUTC());
    indexer.start();
    return new Running(indexer, store, letters, accounts);
  }

  private static ConditionFactory soon() {
    return await().atMost(LONG).pollInterval(Duration.ofMillis(50));
  }

  private void awaitCommittedToTheEnd() {
    soon().until(() -> topics.committed(group).entrySet().containsAll(topics.ends().entrySet()));
  }

  /** Sends events of several streams and waits for the broker's word. */
  private List<WireRecord> send(int count) throws Exception {
    List<WireRecord> records = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      records.addAll(new TestStream().next(count / 10));
    }
    send(records);
    return records;
  }

  private void send(List<WireRecord> records) throws Exception {
    List<RecordMetadata> places = topics.send(records);
    for (int i = 0; i < places.size(); i++) {
      RecordMetadata place = places.get(i);
      acknowledged
          .computeIfAbsent(
              new TopicPartition(place.topic(), place.partition()),
              partition -> new ConcurrentSkipListMap<>())
          .put(place.offset(), documentId(records.get(i)));
    }
  }

  private static String documentId(WireRecord record) {
    return record.position().eventId() + "." + NewEvent.hashOf(record.value());
  }

  private void sendPoison(int count) throws Exception {
    List<WireRecord> records = new ArrayList<>();
    TestStream stream = new TestStream();
    for (int i = 0; i < count; i++) {
      records.add(
          i % 2 == 0
              ? stream.next("not json")
              : stream.next(TestStream.event("billing").detail("d", "refuse-me").build()));
    }
    for (RecordMetadata place : topics.send(records)) {
      poison.add(new LogPosition(place.topic() + "/" + place.partition(), place.offset()));
    }
  }

  /** First the offsets, then the documents: what is committed must be there. */
  private void watch() {
    try {
      while (true) {
        Thread.sleep(20);
        topics.committed(group).forEach(this::check);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      synchronized (tooEarly) {
        tooEarly.add("the watch ended: " + e);
      }
    }
  }

  private void check(TopicPartition partition, long committed) {
    acknowledged
        .getOrDefault(partition, new ConcurrentSkipListMap<>())
        .headMap(committed)
        .forEach(
            (offset, id) -> {
              if (!elasticsearch.holds(id)) {
                synchronized (tooEarly) {
                  tooEarly.add(partition + "@" + offset + " was not durable and committed");
                }
              }
            });
  }

  @ParameterizedTest
  @EnumSource(BulkTrouble.class)
  void bulksThatGoWrong_loseNothingAndDoubleNothing(BulkTrouble what) throws Exception {
    elasticsearch.begin(what.trouble());
    send(500);
    soon().until(() -> elasticsearch.troubled() >= 2);
    send(500);
    elasticsearch.end();
  }

  @Test
  void templateDeleted_holdsWhatNeedsANewIndex() throws Exception {
    elasticsearch.deleteTemplate();
    List<WireRecord> old = new ArrayList<>();
    TestStream stream = new TestStream();
    for (int i = 0; i < 100; i++) {
      old.add(
          stream.next(
              TestStream.event("billing").at(Instant.now().minus(Duration.ofDays(70))).build()));
    }
    send(old);
    send(200);
    soon()
        .until(
            () ->
                running.stream()
                    .anyMatch(one -> one.accounts().balance().inFlight() == old.size()));
    assertThat(elasticsearch.holds(documentId(old.get(0)))).isFalse();
  }

  @Test
  void poisonFlood_isParkedAndItsNeighboursAreIndexed() throws Exception {
    send(500);
    sendPoison(1000);
    send(500);
  }

  @Test
  void deadLettersRefused_holdTheirOffsetsUntilTheyAreTaken() throws Exception {
    setDeadLetters("max.message.bytes", "100");
    sendPoison(40);
    send(500);
    soon().until(() -> running.stream().anyMatch(one -> one.accounts().balance().inFlight() > 0));
    setDeadLetters("max.message.bytes", "20971520");
  }

  private void setDeadLetters(String name, String value) throws Exception {
    topics
        .admin()
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, Topics.DEAD_LETTERS),
                List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }

  @Test
  void threeCollectorsThatComeAndGoEachHalfSecond_beforeASlowStore_loseNothing() throws Exception {
    elasticsearch.delay(Duration.ofMillis(300));
    List<Running> guests = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      guests.add(collector(Map.of()));
      send(200);
      Thread.sleep(500);
      if (guests.size() > COLLECTORS) {
        guests.remove(0).close();
      }
    }
    guests.forEach(Running::close);
  }

  @Test
  void collectorThatTakesLongerThanItMayNotPoll_losesNothing() throws Exception {
    stopAll();
    Running slow = collector(Map.of("max.poll.interval.ms", "1500"));
    running.add(slow);
    elasticsearch.delay(Duration.ofSeconds(4));
    send(300);
    soon().until(() -> slow.accounts().balance().inFlight() > 0);
    startAll(); // asked to give partitions away, the slow one waits for the store and is expelled
    send(300);
    Thread.sleep(2000);
    elasticsearch.delay(Duration.ZERO);
  }

  @Test
  void collectorsToldToEndWhileTheStoreIsDown_leaveEverythingToTheNext() throws Exception {
    send(300);
    elasticsearch.begin(BulkTrouble.REQUESTS_REFUSED_503.trouble());
    send(300);
    soon().until(() -> elasticsearch.troubled() >= 2);
    stopAll();
    elasticsearch.end();
    startAll();
  }

  @Test
  void replayOfEverything_changesNothing() throws Exception {
    send(500);
    awaitCommittedToTheEnd();
    stopAll();
    for (TopicPartition partition : topics.ends().keySet()) {
      topics.commit(group, partition, 0);
    }
    startAll();
    awaitCommittedToTheEnd();
    long duplicates =
        running.stream().mapToLong(one -> one.accounts().balance().duplicates()).sum();
    assertThat(duplicates).isGreaterThanOrEqualTo(500);
  }

  @Test
  void recordsWithForgedIds_areKeptBesideTheRealOnes() throws Exception {
    TestStream stream = new TestStream();
    List<WireRecord> records = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      WireRecord real = stream.next();
      records.add(real);
      records.add(
          new WireRecord(
              real.kind(),
              real.position(),
              real.previous(),
              TestStream.event("billing").detail("forged", i).build().bytes()));
    }
    send(records);
  }

  @Test
  void recordsSentTwice_areOneDocument() throws Exception {
    List<WireRecord> records = send(200);
    send(records);
  }
}
