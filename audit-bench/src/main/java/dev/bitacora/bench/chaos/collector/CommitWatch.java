package dev.bitacora.bench.chaos.collector;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks again and again whether what the collectors have committed is durable: first at the
 * offsets, then at the documents and dead letters of the records before them. When the broker or
 * the node does not answer, there is no sample. Safe for any thread.
 */
final class CommitWatch implements AutoCloseable {
  private static final long PAUSE_MILLIS = 600;

  private final ChaosBroker broker;
  private final ChaosNode node;
  private final DeadLetterPlaces letters;
  private final Receipts receipts;
  private final Findings findings;
  private final Thread thread = new Thread(this::run, "commit-watch");
  private int round;
  private int samples;

  CommitWatch(
      ChaosBroker broker,
      ChaosNode node,
      DeadLetterPlaces letters,
      Receipts receipts,
      Findings findings) {
    this.broker = broker;
    this.node = node;
    this.letters = letters;
    this.receipts = receipts;
    this.findings = findings;
    thread.setDaemon(true);
    thread.start();
  }

  /** Between two samples another round begins. */
  synchronized void beginRound(int number, Runnable begin) {
    begin.run();
    round = number;
  }

  synchronized int samples() {
    return samples;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PAUSE_MILLIS);
        sample();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void sample() throws InterruptedException {
    if (round == 0) {
      return;
    }
    Optional<Map<TopicPartition, Long>> committed = broker.committedNow();
    if (committed.isEmpty() || committed.get().isEmpty()) {
      return;
    }
    try {
      Map<TopicPartition, Long> expected = new LinkedHashMap<>();
      committed
          .get()
          .forEach(
              (partition, offset) ->
                  expected.put(partition, receipts.recentEvents(partition, offset)));
      node.refresh();
      Map<String, Long> found = node.count(queries(committed.get()));
      committed.get().forEach((partition, offset) -> check(partition, offset, expected, found));
      Set<String> dead = letters.readOn();
      committed.get().forEach((partition, offset) -> checkPoison(partition, offset, dead));
      samples++;
    } catch (IOException | KafkaException e) {
      // Somebody is away, which is not what is looked for here; the next sample comes soon.
    } catch (RuntimeException e) {
      findings.add("what is committed could not be compared: " + e);
      throw e;
    }
  }

  private Map<String, Object> queries(Map<TopicPartition, Long> committed) {
    Map<String, Object> queries = new LinkedHashMap<>();
    committed.forEach(
        (partition, offset) ->
            queries.put(
                partition.toString(),
                Map.of(
                    "bool",
                    Map.of(
                        "filter",
                        List.of(
                            term("ledger.log", partition.topic() + "/" + partition.partition()),
                            Map.of("range", Map.of("ledger.offset", Map.of("lt", offset))),
                            term("labels." + LoadStream.ROUND, Integer.toString(round)),
                            term("labels." + LoadStream.TWIN, "false"))))));
    return queries;
  }

  private static Map<String, Object> term(String field, String value) {
    return Map.of("term", Map.of(field, value));
  }

  private void check(
      TopicPartition partition,
      long offset,
      Map<TopicPartition, Long> expected,
      Map<String, Long> found) {
    long missing = expected.get(partition) - found.get(partition.toString());
    if (missing > 0) {
      findings.add(
          Receipts.place(partition, offset)
              + ": committed before "
              + missing
              + " records ahead of it were durable");
    }
  }

  private void checkPoison(TopicPartition partition, long offset, Set<String> dead) {
    Set<String> missing = receipts.recentPoison(partition, offset);
    missing.removeAll(dead);
    if (!missing.isEmpty()) {
      findings.add(
          Receipts.place(partition, offset)
              + ": committed before the dead letters "
              + missing
              + " were durable");
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
