package dev.bitacora.collector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Balance;
import dev.bitacora.collector.accounting.Lag;
import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.support.KafkaTopics;
import dev.bitacora.collector.support.SabotagedStore;
import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.query.Query;
import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.Retention;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.lucene.LuceneStore;
import dev.bitacora.testkit.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker, a real Lucene store, and a saboteur between the indexer and the store. */
final class KafkaIndexerTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static KafkaBroker broker;

  @TempDir Path data;

  private final String group = "group-" + UUID.randomUUID();
  private final List<Running> running = new ArrayList<>();
  private KafkaTopics topics;
  private LuceneStore lucene;
  private SabotagedStore store;

  /** An indexer with its accounts. */
  private record Running(
      KafkaIndexer indexer, Accounts accounts, Delivery delivery, KafkaDeadLetters letters) {
    Balance balance() {
      return accounts.balance();
    }

    void close() {
      indexer.close();
      letters.close();
    }
  }

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
    topics = KafkaTopics.fresh(broker);
    lucene = new LuceneStore(data.resolve("index"), Retention.DEFAULT);
    lucene.start();
    store = new SabotagedStore(lucene);
  }

  @AfterEach
  void closeAll() {
    store.repair();
    running.forEach(Running::close);
    lucene.close();
    topics.close();
  }

  private Running start() {
    return start(new IndexerSettings(2, 64L << 20, Duration.ofSeconds(20)), Map.of());
  }

  private Running start(IndexerSettings settings, Map<String, String> properties) {
    Map<String, String> client = new HashMap<>(topics.client());
    client.put("group.id", group);
    client.put("session.timeout.ms", "6000");
    client.put("heartbeat.interval.ms", "500");
    client.putAll(properties);
    KafkaConnection connection = new KafkaConnection(client);
    Accounts accounts = new Accounts();
    KafkaDeadLetters letters = new KafkaDeadLetters(connection);
    Delivery delivery =
        new Delivery(store, Retention.DEFAULT, letters, Measurements.NONE, Clock.systemUTC());
    KafkaIndexer indexer =
        new KafkaIndexer(connection, settings, delivery, accounts, Clock.systemUTC());
    indexer.start();
    Running started = new Running(indexer, accounts, delivery, letters);
    running.add(started);
    return started;
  }

  private static ConditionFactory soon() {
    return await().atMost(LONG).pollInterval(Duration.ofMillis(50));
  }

  private static List<WireRecord> records(int streams, int each) {
    List<WireRecord> records = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      records.addAll(new TestStream().next(each));
    }
    return records;
  }

  private void awaitIndexed(long count) {
    soon().untilAsserted(() -> assertThat(lucene.count(Selection.ALL)).isEqualTo(count));
  }

  private void awaitCommittedToTheEnd() {
    soon()
        .untilAsserted(
            () -> assertThat(topics.committed(group)).containsAllEntriesOf(topics.ends()));
  }

  private void assertStoredOnce(List<WireRecord> records) {
    Set<String> expected = new HashSet<>();
    records.forEach(record -> expected.add(record.position().eventId()));
    List<String> found = new ArrayList<>();
    lucene.stream(Selection.ALL, event -> found.add(event.eventId()));
    assertThat(found).hasSize(expected.size()).containsExactlyInAnyOrderElementsOf(expected);
  }

  private StoredEvent only(StreamPosition position) {
    List<StoredEvent> found = lucene.get(position.eventId(), Query.ALL);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void everythingProduced_isIndexedExactlyOnceAndCommitted() throws Exception {
    List<WireRecord> records = records(20, 250);
    for (int i = 0; i < 5; i++) {
      records.add(new TestStream().next(TestStream.logLine("line " + i)));
    }
    List<RecordMetadata> acknowledged = topics.send(records);
    Running collector = start();
    awaitIndexed(records.size());
    awaitCommittedToTheEnd();
    assertStoredOnce(records);
    for (int i = 0; i < records.size(); i += 501) {
      StoredEvent stored = only(records.get(i).position());
      RecordMetadata place = acknowledged.get(i);
      assertThat(stored.original()).isEqualTo(records.get(i).value());
      assertThat(stored.log())
          .isEqualTo(new LogPosition(place.topic() + "/" + place.partition(), place.offset()));
      assertThat(stored.ingested().toEpochMilli()).isEqualTo(place.timestamp());
      assertThat(stored.agentIdStatus()).isEqualTo(AgentIdStatus.AUTH_METADATA_MISSING);
    }
    assertThat(collector.balance())
        .isEqualTo(new Balance(records.size(), records.size(), 0, 0, Map.of(), 0, 0, 0, 0));
    assertThat(collector.indexer().condition().up()).isTrue();
    assertThat(collector.indexer().alive().up()).isTrue();
  }

  @Test
  void poison_ofEveryKind_isDeadLetteredWithItsReasonAndItsNeighboursIndexed() throws Exception {
    TestStream stream = new TestStream();
    List<WireRecord> good = new ArrayList<>();
    List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    Map<String, UnaryOperator<ProducerRecord<byte[], byte[]>>> malformed = new HashMap<>();
    malformed.put("malformed-record/value", KafkaIndexerTest::withoutValue);
    malformed.put("malformed-record/missing", r -> change(r, h -> h.remove(KafkaHeaders.KIND)));
    malformed.put(
        "malformed-record/twice", r -> change(r, h -> h.add(KafkaHeaders.KIND, new byte[] {1})));
    malformed.put(
        "malformed-record/length",
        r ->
            change(
                r, h -> h.remove(KafkaHeaders.POSITION).add(KafkaHeaders.POSITION, new byte[3])));
    malformed.put(
        "malformed-record/kind",
        r -> change(r, h -> h.remove(KafkaHeaders.KIND).add(KafkaHeaders.KIND, new byte[] {9})));
    malformed.put(
        "unknown-version/wire",
        r ->
            change(
                r, h -> h.remove(KafkaHeaders.VERSION).add(KafkaHeaders.VERSION, new byte[] {2})));
    malformed.forEach(
        (name, change) -> {
          sent.add(change.apply(KafkaTopics.record(stream.next())));
          reasons.add(name.substring(0, name.indexOf('/')));
          good.add(stream.next());
          sent.add(KafkaTopics.record(good.get(good.size() - 1)));
        });
    String event = new String(TestStream.event("billing").build().bytes(), StandardCharsets.UTF_8);
    Map<String, String> values =
        Map.of(
            "{\"a\":1,\"a\":2}",
            "malformed-json",
            "not json",
            "malformed-json",
            "{\"a\":".repeat(101) + "1" + "}".repeat(101),
            "malformed-json",
            "{\"message\":\"" + "x".repeat(2_000_000) + "\"}",
            "too-large",
            "{\"message\":\"m\"}",
            "invalid-event",
            event.replace("\"version\":\"1.0\"", "\"version\":\"2.0\""),
            "unknown-version");
    values.forEach(
        (value, reason) -> {
          sent.add(KafkaTopics.record(stream.next(value)));
          reasons.add(reason);
          good.add(stream.next());
          sent.add(KafkaTopics.record(good.get(good.size() - 1)));
        });
    sent.add(
        KafkaTopics.record(
            stream.next(RecordKind.CONTROL, event.getBytes(StandardCharsets.UTF_8))));
    reasons.add("invalid-event");
    List<RecordMetadata> places = topics.sendRaw(sent);

    Running collector = start();
    awaitIndexed(good.size());
    awaitCommittedToTheEnd();
    assertStoredOnce(good);
    List<DeadLetter> letters = collector.letters().list(100);
    assertThat(letters)
        .extracting(letter -> letter.reason().text())
        .containsExactlyInAnyOrderElementsOf(reasons);
    for (DeadLetter letter : letters) {
      int i = indexOf(places, letter.record().origin().orElseThrow());
      ProducerRecord<byte[], byte[]> original = sent.get(i);
      assertThat(letter.record().key().orElseThrow()).isEqualTo(original.key());
      assertThat(letter.record().value().orElse(null)).isEqualTo(original.value());
      assertThat(letter.record().headers()).hasSize(original.headers().toArray().length);
      assertThat(letter.detail()).isNotBlank();
    }
    assertThat(collector.balance().deadLetteredTotal()).isEqualTo(reasons.size());
    assertThat(collector.balance().isBalanced()).isTrue();
  }

  private static int indexOf(List<RecordMetadata> places, LogPosition origin) {
    for (int i = 0; i < places.size(); i++) {
      RecordMetadata place = places.get(i);
      if (origin.equals(new LogPosition(place.topic() + "/" + place.partition(), place.offset()))) {
        return i;
      }
    }
    throw new AssertionError("nothing was sent to " + origin);
  }

  private static ProducerRecord<byte[], byte[]> withoutValue(
      ProducerRecord<byte[], byte[]> record) {
    return new ProducerRecord<>(record.topic(), null, null, record.key(), null, record.headers());
  }

  private static ProducerRecord<byte[], byte[]> change(
      ProducerRecord<byte[], byte[]> record, java.util.function.Consumer<Headers> change) {
    change.accept(record.headers());
    return record;
  }

  @Test
  void storeDownForAWhile_losesNothingAndHealthSaysWhy() throws Exception {
    store.answerAll(WriteResult.Status.TRANSIENT, "connection refused");
    List<WireRecord> records = records(6, 50);
    topics.send(records);
    Running collector = start();
    soon()
        .untilAsserted(
            () ->
                assertThat(collector.delivery().condition().reason())
                    .contains("connection refused"));
    assertThat(collector.delivery().condition().up()).isFalse();
    assertThat(collector.balance().isBalanced()).isTrue();
    store.repair();
    awaitIndexed(records.size());
    awaitCommittedToTheEnd();
    assertStoredOnce(records);
    soon().untilAsserted(() -> assertThat(collector.delivery().condition().up()).isTrue());
    assertThat(collector.balance().isBalanced()).isTrue();
  }

  @Test
  void commit_neverPassesARecordThatIsNotConfirmed() throws Exception {
    List<WireRecord> records = new TestStream().next(100);
    List<RecordMetadata> places = topics.send(records);
    RecordMetadata stuck = places.get(40);
    String stuckId = records.get(40).position().eventId();
    store.answer(
        event ->
            event.position().eventId().equals(stuckId)
                ? Optional.of(new WriteResult(WriteResult.Status.TRANSIENT, "shard is red"))
                : Optional.empty());
    start();
    awaitIndexed(99);
    TopicPartition partition = new TopicPartition(stuck.topic(), stuck.partition());
    soon().until(() -> topics.committed(group).containsKey(partition));
    await()
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(6))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> topics.committed(group).get(partition) <= stuck.offset());
    assertThat(topics.committed(group).get(partition)).isEqualTo(stuck.offset());
    store.repair();
    awaitIndexed(100);
    awaitCommittedToTheEnd();
  }

  @Test
  void close_withTheStoreDown_endsAndTheNextCollectorLosesNothing() throws Exception {
    List<WireRecord> first = records(4, 50);
    topics.send(first);
    IndexerSettings hasty = new IndexerSettings(2, 64L << 20, Duration.ofSeconds(1));
    Running collector = start(hasty, Map.of());
    awaitIndexed(first.size());
    store.answerAll(WriteResult.Status.ENVIRONMENT, "the password was revoked");
    List<WireRecord> second = records(4, 50);
    topics.send(second);
    soon().until(() -> !collector.delivery().condition().up());
    collector.close();
    Balance balance = collector.balance();
    assertThat(balance.isBalanced()).isTrue();
    assertThat(balance.inFlight()).isZero();
    assertThat(balance.released()).isEqualTo(balance.consumed() - first.size());
    store.repair();
    Running next = start();
    awaitIndexed((long) first.size() + second.size());
    assertThat(next.balance().duplicates()).isZero();
    first.addAll(second);
    assertStoredOnce(first);
  }

  @Test
  void backpressure_bounds_whatIsInFlightAndReadsOnAfterwards() throws Exception {
    store.answerAll(WriteResult.Status.TRANSIENT, "slow");
    List<WireRecord> records = records(10, 60);
    topics.send(records);
    long limit = 200_000;
    Running collector =
        start(
            new IndexerSettings(2, limit, Duration.ofSeconds(20)),
            Map.of("max.poll.records", "50"));
    soon().until(() -> collector.balance().inFlightBytes() > limit);
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> collector.balance().inFlightBytes() < limit + 50 * 2_000);
    assertThat(collector.balance().consumed()).isLessThan(records.size());
    store.repair();
    awaitIndexed(records.size());
    awaitCommittedToTheEnd();
    assertThat(collector.balance().released()).isZero();
  }

  @Test
  void lag_whileReadingPauses_stillGrowsWithWhatIsProduced() throws Exception {
    store.stall();
    TestStream stream = new TestStream();
    RecordMetadata place = topics.send(stream.next(100)).get(0);
    String partition = place.topic() + "/" + place.partition();
    Running collector =
        start(
            new IndexerSettings(2, 20_000, Duration.ofSeconds(20)),
            Map.of("max.poll.records", "50"));
    awaitLag(collector, partition, 100);
    topics.send(stream.next(150));
    awaitLag(collector, partition, 250);
    assertThat(collector.balance().consumed()).isLessThan(100);
    store.repair();
    awaitIndexed(250);
    awaitLag(collector, partition, 0);
  }

  private static void awaitLag(Running collector, String partition, long records) {
    soon()
        .untilAsserted(
            () ->
                assertThat(collector.indexer().lags().get(partition))
                    .as("lag of " + partition)
                    .isNotNull()
                    .extracting(Lag::records)
                    .isEqualTo(records));
  }

  @Test
  void lag_afterPartitionsMoved_isToldByTheCollectorThatHasThem_andByNoOther() throws Exception {
    topics.send(records(10, 100));
    Running first = start();
    awaitIndexed(1000);
    soon().until(() -> first.indexer().lags().size() == 2 * KafkaTopics.PARTITIONS);
    IndexerSettings hasty = new IndexerSettings(2, 64L << 20, Duration.ofMillis(100));
    Running second = start(hasty, Map.of());
    soon()
        .untilAsserted(
            () -> {
              assertThat(second.indexer().lags()).hasSize(KafkaTopics.PARTITIONS);
              assertThat(first.indexer().lags())
                  .hasSize(KafkaTopics.PARTITIONS)
                  .doesNotContainKeys(second.indexer().lags().keySet().toArray(String[]::new));
            });
    store.stall();
    topics.send(records(10, 100));
    soon().untilAsserted(() -> assertThat(totalLag(first) + totalLag(second)).isEqualTo(1000));
    second.close();
    soon().untilAsserted(() -> assertThat(totalLag(first)).isEqualTo(1000));
    store.repair();
    awaitIndexed(2000);
    soon().untilAsserted(() -> assertThat(totalLag(first)).isZero());
  }

  private static long totalLag(Running collector) {
    return collector.indexer().lags().values().stream().mapToLong(Lag::records).sum();
  }

  @Test
  void partitionsThatComeWhileReadingPauses_arePausedToo() throws Exception {
    store.stall();
    IndexerSettings narrow = new IndexerSettings(2, 20_000, Duration.ofMillis(100));
    Map<String, String> fewAtATime = Map.of("max.poll.records", "10");
    Running first = start(narrow, fewAtATime);
    Running second = start(narrow, fewAtATime);
    soon().until(() -> second.indexer().lags().size() == KafkaTopics.PARTITIONS);
    List<WireRecord> records = records(40, 10);
    topics.send(records);
    soon().until(() -> first.balance().inFlightBytes() > 20_000);
    soon().until(() -> second.balance().inFlightBytes() > 20_000);
    long consumed = first.balance().consumed();
    second.close();
    soon().until(() -> first.indexer().lags().size() == 2 * KafkaTopics.PARTITIONS);
    soon().untilAsserted(() -> assertThat(totalLag(first)).isEqualTo(records.size()));
    assertThat(first.balance().consumed())
        .as("at most what the last poll gave")
        .isLessThan(consumed + 10);
    store.repair();
    awaitIndexed(records.size());
    assertStoredOnce(records);
    awaitCommittedToTheEnd();
  }

  @Test
  void aPartitionThatWasEmptyWhenWeCame_countsWhatItLosesWhileNobodyIsThere() throws Exception {
    Running first = start();
    TestStream stream = new TestStream();
    soon().until(() -> topics.committed(group).size() == 2 * KafkaTopics.PARTITIONS);
    first.close();
    RecordMetadata place = topics.send(stream.next(20)).get(0);
    topics.deleteBefore(new TopicPartition(place.topic(), place.partition()), 15);
    Running second = start();
    awaitIndexed(5);
    assertThat(second.balance().lost()).isEqualTo(15);
  }

  @Test
  void retentionThatOvertookUs_isCountedOnce_evenIfNothingFollows() throws Exception {
    TestStream stream = new TestStream();
    RecordMetadata place = topics.send(stream.next(10)).get(0);
    TopicPartition partition = new TopicPartition(place.topic(), place.partition());
    Running first = start();
    awaitIndexed(10);
    awaitCommittedToTheEnd();
    first.close();
    topics.send(stream.next(20));
    topics.deleteBefore(partition, 30);
    Running second = start();
    soon().untilAsserted(() -> assertThat(second.balance().lost()).isEqualTo(20));
    awaitCommittedToTheEnd();
    second.close();
    Running third = start();
    awaitLag(third, place.topic() + "/" + place.partition(), 0);
    assertThat(third.balance().lost()).isZero();
  }

  @Test
  void brokerKilledAndRestarted_losesNothing() throws Exception {
    List<WireRecord> records = records(10, 100);
    topics.send(records);
    Running collector = start();
    soon().until(() -> lucene.count(Selection.ALL) > 0);
    broker.kill();
    soon().until(() -> !collector.indexer().condition().up());
    assertThat(collector.indexer().condition().reason())
        .contains("does not answer; start the broker");
    assertThat(collector.indexer().alive().up()).isTrue();
    broker.restart();
    List<WireRecord> more = records(3, 100);
    topics.send(more);
    records.addAll(more);
    awaitIndexed(records.size());
    assertStoredOnce(records);
    awaitCommittedToTheEnd();
    soon().until(() -> collector.indexer().condition().up());
    assertThat(collector.balance().isBalanced()).isTrue();
  }

  @Test
  void collectorsThatComeAndGoUnderLoad_indexEverythingOnce() throws Exception {
    List<WireRecord> records = new ArrayList<>();
    Running first = start();
    for (int round = 0; round < 3; round++) {
      List<WireRecord> more = records(10, 100);
      topics.send(more);
      records.addAll(more);
      Running second = start();
      soon().until(() -> second.indexer().condition().up());
      more = records(10, 100);
      topics.send(more);
      records.addAll(more);
      second.close();
      assertThat(second.balance().isBalanced()).isTrue();
      assertThat(second.balance().inFlight()).isZero();
    }
    awaitIndexed(records.size());
    awaitCommittedToTheEnd();
    assertStoredOnce(records);
    assertThat(first.balance().isBalanced()).isTrue();
    long indexed = running.stream().mapToLong(one -> one.balance().indexed()).sum();
    assertThat(indexed).isEqualTo(records.size());
  }

  @Test
  void retentionThatOvertookUs_isCountedExactlyAndReadingGoesOn() throws Exception {
    TestStream stream = new TestStream();
    List<WireRecord> before = stream.next(10);
    RecordMetadata place = topics.send(before).get(0);
    TopicPartition partition = new TopicPartition(place.topic(), place.partition());
    Running first = start();
    awaitIndexed(10);
    awaitCommittedToTheEnd();
    first.close();
    topics.send(stream.next(20));
    topics.deleteBefore(partition, 25);
    Running second = start();
    awaitIndexed(15);
    assertThat(second.balance().lost()).isEqualTo(15);
    assertThat(second.balance().consumed()).isEqualTo(5);
    awaitCommittedToTheEnd();
  }

  @Test
  void groupWithoutOffsets_startsAtTheEarliestThatIsLeft() throws Exception {
    RecordMetadata place = topics.send(new TestStream().next(20)).get(0);
    topics.deleteBefore(new TopicPartition(place.topic(), place.partition()), 5);
    Running collector = start();
    awaitIndexed(15);
    assertThat(collector.balance().lost()).isZero();
  }

  @Test
  void recordsProducedTwice_areIndexedOnceAndCounted() throws Exception {
    List<WireRecord> records = new TestStream().next(30);
    topics.send(records);
    topics.send(records);
    Running collector = start();
    soon().until(() -> collector.balance().consumed() == 60 && collector.balance().inFlight() == 0);
    assertThat(collector.balance().indexed()).isEqualTo(30);
    assertThat(collector.balance().duplicates()).isEqualTo(30);
    assertStoredOnce(records);
  }

  @Test
  void forgedRecordWithATakenId_isKeptBesideTheRealOneAndCounted() throws Exception {
    TestStream stream = new TestStream();
    WireRecord real = stream.next();
    WireRecord forged =
        new WireRecord(
            real.kind(),
            real.position(),
            real.previous(),
            TestStream.event("billing").detail("forged", true).build().bytes());
    topics.send(List.of(real, forged));
    Running collector = start();
    soon().until(() -> collector.balance().consumed() == 2 && collector.balance().inFlight() == 0);
    assertThat(lucene.get(real.position().eventId(), Query.ALL)).hasSize(2);
    assertThat(collector.balance().conflicts()).isEqualTo(1);
    assertThat(collector.balance().isBalanced()).isTrue();
  }

  @Test
  void missingTopics_areNamedWithWhatToDo() throws Exception {
    topics.close();
    topics = KafkaTopics.none(broker);
    Running collector = start();
    soon()
        .untilAsserted(
            () ->
                assertThat(collector.indexer().condition().reason())
                    .contains("lacks a topic; run: bitacora setup"));
    assertThat(collector.indexer().condition().up()).isFalse();
    new TopicSetup(topics.connection()).apply(KafkaTopics.PARTITIONS);
    topics.send(new TestStream().next(5));
    awaitIndexed(5);
    soon().until(() -> collector.indexer().condition().up());
  }
}
