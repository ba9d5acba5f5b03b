package dev.bitacora.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.kafka.IndexerSettings;
import dev.bitacora.collector.kafka.KafkaDeadLetters;
import dev.bitacora.collector.kafka.KafkaIndexer;
import dev.bitacora.collector.support.KafkaTopics;
import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.Retention;
import dev.bitacora.store.Selection;
import dev.bitacora.store.elasticsearch.ElasticsearchConfig;
import dev.bitacora.store.elasticsearch.ElasticsearchSetup;
import dev.bitacora.store.elasticsearch.ElasticsearchStore;
import dev.bitacora.testkit.ElasticsearchNode;
import dev.bitacora.testkit.SharedEngines;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Kafka to Elasticsearch, both real; the node is killed while it is written to. */
final class RealEnginesTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static ElasticsearchNode node;

  @BeforeAll
  static void startNode() {
    node = ElasticsearchNode.start();
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @Test
  void everythingSent_whileTheNodeIsKilledAndRestarted_isIndexedExactlyOnce() throws Exception {
    ElasticsearchConfig config = ElasticsearchConfig.of(node.url());
    new ElasticsearchSetup(config).run();
    Accounts accounts = new Accounts();
    try (KafkaTopics topics = KafkaTopics.fresh(SharedEngines.kafka());
        ElasticsearchStore store = new ElasticsearchStore(config, Retention.DEFAULT);
        KafkaDeadLetters letters = new KafkaDeadLetters(topics.connection())) {
      store.start();
      Delivery delivery =
          new Delivery(store, Retention.DEFAULT, letters, Measurements.NONE, Clock.systemUTC());
      try (KafkaIndexer indexer =
          new KafkaIndexer(
              topics.connection(),
              IndexerSettings.DEFAULT,
              delivery,
              accounts,
              Clock.systemUTC())) {
        indexer.start();
        List<WireRecord> records = new ArrayList<>(send(topics, 2000));
        await().atMost(LONG).until(() -> accounts.balance().indexed() > 0);
        node.kill();
        records.addAll(send(topics, 1000));
        await().atMost(LONG).until(() -> !delivery.condition().up());
        node.restart();
        records.addAll(send(topics, 1000));
        topics.sendRaw(List.of(KafkaTopics.record(new TestStream().next("poison"))));
        await()
            .atMost(LONG)
            .pollInterval(Duration.ofMillis(200))
            .until(() -> accounts.balance().deadLetteredTotal() == 1);
        await()
            .atMost(LONG)
            .pollInterval(Duration.ofMillis(200))
            .until(() -> accounts.balance().inFlight() == 0);
        await()
            .atMost(LONG)
            .ignoreExceptions()
            .untilAsserted(() -> assertThat(store.count(Selection.ALL)).isEqualTo(records.size()));
        assertThat(ids(store)).isEqualTo(ids(records));
        assertThat(accounts.balance().isBalanced()).isTrue();
        assertThat(accounts.balance().conflicts()).isZero();
        assertThat(accounts.balance().indexed() + accounts.balance().duplicates())
            .isEqualTo(records.size());
        await()
            .atMost(LONG)
            .untilAsserted(
                () ->
                    assertThat(topics.committed("bitacora-indexer"))
                        .containsAllEntriesOf(topics.ends()));
        assertThat(delivery.condition().up()).isTrue();
      }
    }
  }

  private static List<WireRecord> send(KafkaTopics topics, int count) throws Exception {
    List<WireRecord> records = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      records.addAll(new TestStream().next(count / 10));
    }
    topics.send(records);
    return records;
  }

  private static Set<String> ids(List<WireRecord> records) {
    Set<String> ids = new HashSet<>();
    records.forEach(record -> ids.add(record.position().eventId()));
    return ids;
  }

  private static Set<String> ids(ElasticsearchStore store) {
    Set<String> ids = new HashSet<>();
    store.stream(Selection.ALL, event -> assertThat(ids.add(event.eventId())).isTrue());
    return ids;
  }
}
