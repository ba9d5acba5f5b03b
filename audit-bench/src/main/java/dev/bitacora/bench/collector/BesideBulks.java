package dev.bitacora.bench.collector;

import dev.bitacora.bench.ChildJvm;
import dev.bitacora.bench.Figures;
import dev.bitacora.bench.OtherPrograms;
import dev.bitacora.bench.Rest;
import dev.bitacora.collector.kafka.IndexerSettings;
import dev.bitacora.store.Family;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * From Kafka into Elasticsearch through the collector, beside the bulks that the collector made of
 * the same events, sent again by as many threads that do nothing else. Both into the same node,
 * each in a JVM of its own that has not run before, with little memory. As many events before them
 * are not measured, and are kept in an index of their own that is not refreshed: what is measured
 * begins in an empty one for both. In one that the slower way has filled for longer, Elasticsearch
 * merges while the measured events come, and in the other it does not. One thread's.
 */
final class BesideBulks {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration LONGEST_REST = Duration.ofSeconds(20);

  private static final Duration BEFORE = Duration.ofDays(60);
  private static final String NEVER = "-1";
  private static final String EACH_SECOND = "1s";

  private final Instant start = Instant.now().minus(Duration.ofHours(1));
  private final String index = Family.EVENTS.indexAt(start);
  private final String warmUpIndex = Family.EVENTS.indexAt(start.minus(BEFORE));
  private final Cluster cluster;
  private final Path bulks;
  private final int events;
  private final Rest rest = new Rest();
  private final OtherPrograms others = new OtherPrograms();
  private final Rates rates = new Rates();

  /**
   * Measures nothing yet.
   *
   * @param folder for the bulks
   */
  BesideBulks(Cluster cluster, Path folder, int events) {
    this.cluster = cluster;
    this.bulks = folder.resolve("bulks");
    this.events = events;
  }

  /** Measures, a line for each round. */
  void measure() throws IOException {
    System.err.println("writing " + (warmUp() + events) + " events to Kafka");
    Backlog.write(cluster.bootstrapServers(), warmUp(), start.minus(BEFORE));
    Backlog.write(cluster.bootstrapServers(), events, start);
    System.err.println("keeping the collector's bulks");
    keepBulks();
    System.out.printf(
        "From Kafka into Elasticsearch: %,d events through the collector, and the same documents as"
            + " plain bulks, after as many that are not measured%n",
        events);
    rates.measure("collector", this::collector, "plain bulks", this::replay);
  }

  private void keepBulks() throws IOException {
    Files.createDirectory(bulks);
    try (RecordingProxy proxy = new RecordingProxy(cluster.elasticsearch(), bulks);
        RunningCollector collector = cluster.collector(proxy.url())) {
      collector.awaitIndexed(warmUp() + events, LIMIT);
    }
  }

  private void empty() {
    cluster.empty();
    cluster.create(warmUpIndex, NEVER);
  }

  private Rates.Run collector() {
    empty();
    rest.await(LONGEST_REST);
    try (RunningCollector collector = cluster.collector(cluster.elasticsearch())) {
      collector.awaitIndexed(warmUp(), LIMIT);
      others.watch();
      double processorsBefore = collector.processorSeconds();
      long from = collector.indexed();
      long start = System.nanoTime();
      collector.awaitIndexed(warmUp() + events, LIMIT);
      return new Rates.Run(
          warmUp() + events - from,
          (System.nanoTime() - start) / 1e9,
          collector.processorSeconds() - processorsBefore,
          others.processors());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Rates.Run replay() {
    empty();
    cluster.create(index, EACH_SECOND); // who sends nothing but bulks cannot make it
    rest.await(LONGEST_REST);
    try (ChildJvm replay =
        ChildJvm.start(
            BulkReplay.class,
            CollectorProgram.JVM,
            List.of(
                cluster.elasticsearch().toString(),
                bulks.toString(),
                Integer.toString(IndexerSettings.DEFAULT.senders()),
                Integer.toString(warmUp())))) {
      return Rates.result(replay, others, LIMIT);
    }
  }

  /** Each round's collector is a new process, whose compilers are busy for a minute. */
  private int warmUp() {
    return events;
  }

  /** Events a second through the collector. */
  double perSecond() {
    return rates.perSecond();
  }

  /** Compares with what is promised. */
  void judge(Figures figures) {
    figures.atLeast("collector-to-plain-bulks", rates.ratio(), 0.9);
  }
}
