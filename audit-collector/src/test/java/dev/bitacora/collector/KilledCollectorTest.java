package dev.bitacora.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.kafka.IndexerSettings;
import dev.bitacora.collector.kafka.KafkaConnection;
import dev.bitacora.collector.kafka.KafkaDeadLetters;
import dev.bitacora.collector.kafka.KafkaIndexer;
import dev.bitacora.collector.support.KafkaTopics;
import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.Retention;
import dev.bitacora.store.Selection;
import dev.bitacora.store.lucene.LuceneStore;
import dev.bitacora.testkit.SharedEngines;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collector in a process of its own is killed with kill -9, again and again. */
final class KilledCollectorTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int ROUNDS = 3;
  private static final int RECORDS_A_ROUND = 4000;

  @TempDir Path data;

  private final String group = "group-" + UUID.randomUUID();

  @Test
  void collectorKilledMidway_losesNothingAndDoublesNothing() throws Exception {
    try (KafkaTopics topics = KafkaTopics.fresh(SharedEngines.kafka())) {
      Set<String> expected = new HashSet<>();
      for (int round = 0; round < ROUNDS; round++) {
        List<WireRecord> records = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          records.addAll(new TestStream().next(RECORDS_A_ROUND / 20));
        }
        records.forEach(record -> expected.add(record.position().eventId()));
        long before = committed(topics);
        Process collector = collectorProcess();
        try {
          topics.send(records);
          await().atMost(LONG).until(() -> committed(topics) > before);
        } finally {
          collector.destroyForcibly().waitFor();
        }
      }
      finishInThisProcess(expected);
    }
  }

  private long committed(KafkaTopics topics) throws Exception {
    Map<TopicPartition, Long> offsets = topics.committed(group);
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }

  private Process collectorProcess() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            SharedEngines.kafka().bootstrapServers(),
            group,
            data.resolve("index").toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/killed-collector.log")))
        .start();
  }

  private void finishInThisProcess(Set<String> expected) throws Exception {
    Accounts accounts = new Accounts();
    try (LuceneStore store = new LuceneStore(data.resolve("index"), Retention.DEFAULT)) {
      store.start();
      KafkaConnection connection = connection(SharedEngines.kafka().bootstrapServers(), group);
      try (KafkaIndexer indexer = indexer(connection, store, accounts)) {
        indexer.start();
        await()
            .atMost(LONG)
            .untilAsserted(() -> assertThat(store.count(Selection.ALL)).isEqualTo(expected.size()));
      }
      Set<String> found = new HashSet<>();
      store.stream(Selection.ALL, event -> assertThat(found.add(event.eventId())).isTrue());
      assertThat(found).isEqualTo(expected);
      assertThat(accounts.balance().isBalanced()).isTrue();
      assertThat(accounts.balance().inFlight()).isZero();
      assertThat(accounts.balance().conflicts()).isZero();
    }
  }

  private static KafkaConnection connection(String servers, String group) {
    return new KafkaConnection(
        Map.of(
            "bootstrap.servers",
            servers,
            "group.id",
            group,
            "session.timeout.ms",
            "6000",
            "heartbeat.interval.ms",
            "500"));
  }

  private static KafkaIndexer indexer(
      KafkaConnection connection, LuceneStore store, Accounts accounts) {
    Delivery delivery =
        new Delivery(
            store,
            Retention.DEFAULT,
            new KafkaDeadLetters(connection),
            Measurements.NONE,
            Clock.systemUTC());
    return new KafkaIndexer(
        connection, IndexerSettings.DEFAULT, delivery, accounts, Clock.systemUTC());
  }

  /** The process that is killed. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
      LuceneStore store = new LuceneStore(Path.of(arguments[2]), Retention.DEFAULT);
      store.start();
      indexer(connection(arguments[0], arguments[1]), store, new Accounts()).start();
      new CountDownLatch(1).await();
    }
  }
}
