package dev.bitacora.bench.collector;

import dev.bitacora.bench.ChildJvm;
import dev.bitacora.bench.Figures;
import dev.bitacora.bench.OtherPrograms;
import dev.bitacora.bench.Rest;
import dev.bitacora.collector.kafka.IndexerSettings;
import dev.bitacora.store.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * From Kafka into Elasticsearch through the collector, beside the bulks that the collector made of
 * the same events, sent again by as many threads that do nothing else. Both into the same node and
 * into an index that is empty at first, each in a JVM of its own with little memory that lives
 * through all rounds: a collector runs for weeks, and while one round after the other is measured,
 * its compilers come to rest. Between its rounds it is stopped where it stands. One thread's.
 */
final class BesideBulks implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration LONGEST_REST = Duration.ofSeconds(20);

  /** Of a round's events, those that make the index again and are not measured. */
  private static final int LEAD_IN_SHARE = 10;

  /** What was on its way when a round ended is not measured in the next. */
  private static final int BETWEEN_ROUNDS = 20_000;

  private final Instant start = Instant.now().minus(Duration.ofHours(1));
  private final Cluster cluster;
  private final Path bulks;
  private final int events;
  private final int leadIn;
  private final int all;
  private final Rest rest = new Rest();
  private final OtherPrograms others = new OtherPrograms();
  private final Rates rates = new Rates();
  private final RunningCollector collector;
  private final ChildJvm replay;

  /**
   * Fills Kafka, keeps the collector's bulks and starts both ways.
   *
   * @param folder for the bulks
   */
  BesideBulks(Cluster cluster, Path folder, int events) throws IOException {
    this.cluster = cluster;
    this.bulks = Files.createDirectory(folder.resolve("bulks"));
    this.events = events;
    this.leadIn = events / LEAD_IN_SHARE;
    this.all = (1 + Rates.ROUNDS) * (leadIn + events + BETWEEN_ROUNDS);
    System.err.println("writing " + all + " events to Kafka");
    Backlog.write(cluster.bootstrapServers(), all, start);
    System.err.println("keeping the collector's bulks");
    keepBulks();
    cluster.empty();
    this.replay =
        ChildJvm.start(
            BulkReplay.class,
            CollectorProgram.JVM,
            List.of(
                cluster.elasticsearch().toString(),
                bulks.toString(),
                Integer.toString(IndexerSettings.DEFAULT.senders())));
    this.collector = cluster.collector(cluster.elasticsearch());
    collector.pause();
  }

  /** Measures, a line for each round. */
  void measure() {
    System.out.printf(
        "From Kafka into Elasticsearch: %,d events through the collector, and the same documents as"
            + " plain bulks%n",
        events);
    System.err.println("a round of each that does not count");
    var unusedRounds = List.of(throughCollector(), asBulks());
    rates.measure("collector", this::throughCollector, "plain bulks", this::asBulks);
  }

  private void keepBulks() throws IOException {
    try (RecordingProxy proxy = new RecordingProxy(cluster.elasticsearch(), bulks);
        RunningCollector recorded = cluster.collector(proxy.url())) {
      var unused = recorded.awaitIndexed(all, LIMIT);
    }
  }

  private Rates.Run throughCollector() {
    cluster.empty();
    rest.await(LONGEST_REST);
    collector.resume();
    long from = collector.awaitIndexed(collector.indexed() + leadIn, LIMIT);
    others.watch();
    double processorsBefore = collector.processorSeconds();
    long start = System.nanoTime();
    long to = collector.awaitIndexed(from + events, LIMIT);
    Rates.Run run =
        new Rates.Run(
            to - from,
            (System.nanoTime() - start) / 1e9,
            collector.processorSeconds() - processorsBefore,
            others.processors());
    collector.pause();
    return run;
  }

  private Rates.Run asBulks() {
    cluster.empty();
    cluster.create(Family.EVENTS.indexAt(start)); // who sends nothing but bulks cannot make it
    rest.await(LONGEST_REST);
    replay.tell(leadIn + " " + events);
    return Rates.result(replay, others, LIMIT);
  }

  /** Events a second through the collector. */
  double perSecond() {
    return rates.perSecond();
  }

  /** What has gone through it is not measured any more. */
  RunningCollector collector() {
    return collector;
  }

  /** Compares with what is promised. */
  void judge(Figures figures) {
    figures.atLeast("collector-to-plain-bulks", rates.ratio(), 0.9);
  }

  @Override
  public void close() {
    collector.close();
    replay.close();
  }
}
