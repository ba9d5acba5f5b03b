package dev.bitacora.bench.chaos.collector;

import dev.bitacora.bench.chaos.collector.RoundPlan.Happening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Lets faults happen. Each ends by itself and leaves everything as it was: as many collectors, an
 * honest proxy, a node and a broker that run. Safe for any thread.
 */
final class FaultScene {
  /** A collector that does not poll for so long has left its group. */
  static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(10);

  private static final Duration LONG_PAUSE = MAX_POLL_INTERVAL.plusSeconds(2);
  private static final Duration NEXT_DEATH = Duration.ofMillis(500);
  private static final Duration SLOW = Duration.ofMillis(700);

  /** A tampering that nobody felt would prove nothing. */
  private static final Duration UNTIL_TOUCHED = Duration.ofSeconds(20);

  private static final int FEW = 50;
  private static final int LEAST_REMOVED = 40;
  private static final int MOST_REMOVED = 200;

  private final ChaosBroker broker;
  private final ChaosNode node;
  private final StoreProxy proxy;
  private final Fleet collectors;
  private final Load load;
  private final Findings findings;

  FaultScene(
      ChaosBroker broker,
      ChaosNode node,
      StoreProxy proxy,
      Fleet collectors,
      Load load,
      Findings findings) {
    this.broker = broker;
    this.node = node;
    this.proxy = proxy;
    this.collectors = collectors;
    this.load = load;
    this.findings = findings;
  }

  void perform(Happening happening) throws InterruptedException {
    Fault fault = happening.fault();
    Duration length = happening.length();
    Random random = new Random(happening.seed());
    if (fault.tampering().isPresent()) {
      tamper(fault.tampering().get(), length);
      return;
    }
    switch (fault) {
      case COLLECTOR_KILLED -> killCollector(random);
      case COLLECTOR_STOPPED -> stopCollector(random);
      case COLLECTOR_STOPPED_WITHOUT_STORE -> stopCollectorWithoutStore(random);
      case COLLECTOR_PAUSED -> pauseCollector(random);
      case COLLECTORS_COME_AND_GO -> comeAndGo(length, random);
      case STORE_KILLED -> killStore(length);
      case STORE_PAUSED -> pauseStore(length);
      case STORE_UNREACHABLE -> makeStoreUnreachable(length);
      case INDICES_BLOCKED -> blockIndices(length);
      case PASSWORD_REVOKED -> revokePassword(length);
      case TEMPLATE_DELETED -> deleteTemplate(length);
      case POISON -> poison(length);
      case POISON_FLOOD -> load.flood();
      case DEAD_LETTERS_REFUSED -> refuseDeadLetters(length, random);
      case FORGED -> load.forge(FEW);
      case SENT_TWICE -> load.sendTwice(FEW);
      case BROKER_KILLED -> killBroker(length);
      case BROKER_PAUSED -> pauseBroker(length);
      case EVERYTHING_REPLAYED -> replayEverything();
      case RETENTION_OVERTAKES -> overtake(random);
      default -> throw new IllegalStateException(fault + ": nobody knows how");
    }
  }

  // ---- collectors

  private void killCollector(Random random) throws InterruptedException {
    collectors.at(
        random.nextInt(Fleet.PLACES),
        process -> {
          process.kill();
          return collectors.start();
        });
  }

  private void stopCollector(Random random) throws InterruptedException {
    collectors.at(
        random.nextInt(Fleet.PLACES),
        process -> {
          var unused = process.awaitRunning(); // before, nothing is told to end in good order
          process.terminate();
          collectors.awaitGoodEnd(process);
          return collectors.start();
        });
  }

  private void stopCollectorWithoutStore(Random random) throws InterruptedException {
    proxy.goAway();
    try {
      stopCollector(random);
    } finally {
      proxy.comeBack();
    }
  }

  private void pauseCollector(Random random) throws InterruptedException {
    collectors.at(
        random.nextInt(Fleet.PLACES),
        process -> {
          process.signal("STOP");
          pause(LONG_PAUSE);
          process.signal("CONT");
          return process;
        });
  }

  /** Each half second the oldest of three guests dies and another one comes. */
  private void comeAndGo(Duration length, Random random) throws InterruptedException {
    proxy.delay(SLOW);
    List<CollectorProcess> guests = new ArrayList<>();
    try {
      for (int i = 0; i < 4 + length.toMillis() / NEXT_DEATH.toMillis(); i++) {
        guests.add(collectors.start());
        pause(NEXT_DEATH);
        if (guests.size() > Fleet.PLACES) {
          leave(guests.remove(0), random);
        }
      }
    } finally {
      proxy.delay(Duration.ZERO);
      for (CollectorProcess guest : guests) {
        guest.kill();
      }
    }
  }

  private void leave(CollectorProcess guest, Random random) throws InterruptedException {
    if (random.nextBoolean()) {
      guest.kill();
    } else {
      guest.terminate();
      var unused = guest.awaitEnd(NEXT_DEATH); // in the middle of its start it may end as it likes
      guest.kill();
    }
  }

  // ---- the store

  private void killStore(Duration length) throws InterruptedException {
    node.process().kill();
    pause(length);
    node.process().restart();
  }

  private void pauseStore(Duration length) throws InterruptedException {
    node.process().pause();
    pause(length);
    node.process().resume();
  }

  private void makeStoreUnreachable(Duration length) throws InterruptedException {
    proxy.goAway();
    pause(length);
    proxy.comeBack();
  }

  private void blockIndices(Duration length) throws InterruptedException {
    node.block("audit-events-*", true);
    pause(length);
    node.block("audit-events-*", false);
  }

  private void revokePassword(Duration length) throws InterruptedException {
    node.process().lockOut(ChaosNode.COLLECTOR);
    pause(length.plusSeconds(1)); // the node takes notice each second
    node.process().letIn(ChaosNode.COLLECTOR);
  }

  private void deleteTemplate(Duration length) throws InterruptedException {
    node.deleteTemplate();
    load.turnPage();
    pause(length);
    node.putTemplates();
  }

  private void tamper(Tampering tampering, Duration length) throws InterruptedException {
    int before = proxy.touched(tampering);
    long deadline = System.nanoTime() + UNTIL_TOUCHED.toNanos();
    proxy.begin(tampering);
    pause(length);
    while (proxy.touched(tampering) == before && System.nanoTime() < deadline) {
      pause(Duration.ofMillis(50));
    }
    proxy.end(tampering);
  }

  // ---- records

  private void poison(Duration length) throws InterruptedException {
    load.poison(true);
    load.everyPoison();
    pause(length);
    load.poison(false);
  }

  /** As too large, or as no broker has a second copy of them. */
  private void refuseDeadLetters(Duration length, Random random) throws InterruptedException {
    boolean asTooLarge = random.nextBoolean();
    String name =
        asTooLarge ? TopicConfig.MAX_MESSAGE_BYTES_CONFIG : TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;
    broker.configureDeadLetters(name, asTooLarge ? "100" : "2");
    load.poison(true);
    load.everyPoison();
    pause(length);
    broker.configureDeadLetters(name, asTooLarge ? Integer.toString(20 << 20) : "1");
    load.poison(false);
  }

  // ---- the broker

  private void killBroker(Duration length) throws InterruptedException {
    broker.process().kill();
    pause(length.dividedBy(2));
    broker.process().restart();
  }

  private void pauseBroker(Duration length) throws InterruptedException {
    broker.process().pause();
    pause(length);
    broker.process().resume();
  }

  private void replayEverything() throws InterruptedException {
    collectors.without(() -> broker.commitForGroup(broker.beginnings()));
  }

  /**
   * The group goes back to records that are durable, and Kafka removes some of them: what the
   * collectors then count as lost is known exactly, and nothing is.
   */
  private void overtake(Random random) throws InterruptedException {
    Map<TopicPartition, Long> committed = new HashMap<>();
    Map<TopicPartition, Long> removed = new HashMap<>();
    Map<TopicPartition, Long> beginnings = broker.beginnings();
    broker
        .ends()
        .forEach(
            (partition, end) -> {
              long back = Math.max(beginnings.get(partition), end - MOST_REMOVED);
              long upTo = Math.min(end, back + LEAST_REMOVED + random.nextInt(MOST_REMOVED));
              if (end > 0) {
                committed.put(partition, back);
                removed.put(partition, upTo);
              }
            });
    collectors.without(
        () -> {
          broker.commitForGroup(committed);
          broker.deleteBefore(removed);
        });
    long expected =
        removed.entrySet().stream()
            .mapToLong(entry -> entry.getValue() - committed.get(entry.getKey()))
            .sum();
    awaitCount(expected);
  }

  private void awaitCount(long expected) throws InterruptedException {
    long deadline = System.nanoTime() + UNTIL_TOUCHED.toNanos();
    while (!broker.isDrained() && System.nanoTime() < deadline) {
      pause(Duration.ofMillis(200));
    }
    double counted = collectors.metric("bitacora_lost_total");
    if (counted != expected) {
      findings.add(
          "retention removed " + expected + " unread offsets, the collectors counted " + counted);
    }
  }

  private static void pause(Duration duration) throws InterruptedException {
    Thread.sleep(duration.toMillis());
  }
}
