package dev.bitacora.bench.chaos.collector;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.bitacora.bench.Folders;
import dev.bitacora.bench.chaos.BrokenSource;
import dev.bitacora.bench.chaos.collector.RoundPlan.Happening;
import dev.bitacora.collector.kafka.KafkaConnection;
import dev.bitacora.collector.kafka.TopicSetup;
import dev.bitacora.testkit.KafkaBroker;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.LoggerFactory;

/**
 * Lets three real collectors index a continuous load from a real Kafka into a real Elasticsearch
 * while everything between the two breaks, and then compares what the broker acknowledged with the
 * documents and the dead letters. The judge is outside: this process keeps the receipts, and reads
 * index and topics by itself.
 *
 * <p>Exit code 0 when each acknowledged event is there once, 1 when one is lost or double or
 * anything else is not as promised, 2 when that could not be found out, 3 for wrong usage.
 */
public final class CollectorChaos implements AutoCloseable {
  private static final Duration DRAIN_LIMIT = Duration.ofMinutes(5);

  /** As many rounds as a replay of everything finds in Kafka. */
  private static final int ROUNDS_KEPT = 2;

  /** So many faults that each must have happened. */
  private static final int ROUNDS_WITH_EVERYTHING = Fault.values().length;

  private final CollectorChaosOptions options;
  private final PrintStream out;
  private final Findings findings = new Findings();
  private final Receipts receipts = new Receipts();
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private final List<Map<TopicPartition, Long>> ends = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Deque<Runnable> closing = new ArrayDeque<>();
  private final ChaosBroker broker;
  private final ChaosNode node;
  private final Fleet collectors;
  private final Load load;
  private final FaultScene scene;
  private final CommitWatch watch;
  private final Judge judge;

  private CollectorChaos(CollectorChaosOptions options, Path work, PrintStream out)
      throws Exception {
    this.options = options;
    this.out = out;
    try {
      KafkaBroker kafka = KafkaBroker.start();
      closing.push(kafka::close);
      this.node = ChaosNode.start();
      closing.push(node::close);
      new TopicSetup(new KafkaConnection(Map.of("bootstrap.servers", kafka.bootstrapServers())))
          .apply(ChaosBroker.PARTITIONS);
      this.broker = new ChaosBroker(kafka);
      closing.push(broker::close);
      StoreProxy proxy = new StoreProxy(node.process().url(), options.seed());
      closing.push(proxy::close);
      this.collectors = new Fleet(work, patch(work), settings(proxy), findings::add);
      closing.push(collectors::close);
      this.load = new Load(broker.servers(), receipts, options.seed());
      closing.push(load::close);
      DeadLetterPlaces letters = new DeadLetterPlaces(broker.servers());
      closing.push(letters::close);
      this.scene = new FaultScene(broker, node, proxy, collectors, load, findings);
      this.judge = new Judge(node, letters, receipts, findings);
      this.watch = new CommitWatch(broker, node, letters, receipts, findings);
      closing.push(watch::close);
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  public static void main(String[] arguments) {
    // That a broker which was just killed cannot be reached is no news here.
    ((Logger) LoggerFactory.getLogger("org.apache.kafka")).setLevel(Level.ERROR);
    System.exit(run(List.of(arguments), System.out));
  }

  /** Everything but the end of the process; the exit code. */
  static int run(List<String> arguments, PrintStream out) {
    CollectorChaosOptions options;
    try {
      options = CollectorChaosOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(CollectorChaosOptions.USAGE);
      return 3;
    }
    out.println("seed=" + options.seed());
    try {
      return run(options, Files.createTempDirectory("bitacora-chaos"), out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 2;
    } catch (Exception e) {
      System.err.println("chaos: could not be carried out: " + e);
      return 2;
    }
  }

  private static int run(CollectorChaosOptions options, Path work, PrintStream out)
      throws Exception {
    int code;
    try (CollectorChaos chaos = new CollectorChaos(options, work, out)) {
      code = chaos.run();
    } catch (Exception e) {
      System.err.println("chaos: the collectors' logs are in " + work);
      throw e;
    }
    if (code == 0) {
      Folders.remove(work);
    } else {
      out.println("the collectors' logs are in " + work);
    }
    return code;
  }

  private int run() throws Exception {
    collectors.startAll();
    List<RoundPlan> plans = RoundPlan.of(options.rounds(), options.seed());
    for (int i = 0; i < plans.size(); i++) {
      play(i + 1, plans.get(i));
    }
    collectors.endAll();
    if (options.sabotage().equals(Optional.of(CollectorSabotage.DUPLICATE_ONE))) {
      duplicateOne();
    }
    return tell(judge.run());
  }

  private void play(int number, RoundPlan plan) throws Exception {
    long start = System.nanoTime();
    watch.beginRound(number, () -> load.beginRound(number));
    List<Future<?>> underWay = new ArrayList<>();
    for (Happening happening : plan.happenings()) {
      if (!happening.fault().isInSilence()) {
        underWay.add(threads.submit(() -> perform(happening)));
      }
    }
    for (Future<?> happening : underWay) {
      await(happening);
    }
    load.finishRound();
    boolean isDrained = drain();
    for (Happening happening : plan.happenings()) {
      if (happening.fault().isInSilence()) {
        perform(happening);
        isDrained &= drain();
      }
    }
    collectors.requireAll();
    Judge.Verdict verdict = judge.round(number, isDrained);
    forgetOld();
    print(
        "round %d/%d: %s; %,d acknowledged, %d lost, %d duplicates, %.0f s%s",
        number,
        options.rounds(),
        plan.happenings().stream()
            .map(happening -> happening.fault().meaning())
            .collect(Collectors.joining(" + ")),
        verdict.acknowledged(),
        verdict.lost(),
        verdict.duplicates(),
        (System.nanoTime() - start) / 1e9,
        isDrained ? "" : "; not drained");
  }

  private Void perform(Happening happening) throws InterruptedException {
    if (!happening.fault().isInSilence()) {
      Thread.sleep(happening.delay().toMillis());
    }
    scene.perform(happening);
    synchronized (counts) {
      counts.merge(happening.fault(), 1, Integer::sum);
    }
    return null;
  }

  private static void await(Future<?> future) throws Exception {
    try {
      future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Waits until all that was sent is committed, and with it durable. */
  private boolean drain() throws InterruptedException {
    long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
    while (!broker.isDrained()) {
      if (System.nanoTime() > deadline) {
        findings.add("the collectors did not get to the end within " + DRAIN_LIMIT);
        return false;
      }
      Thread.sleep(100);
    }
    return true;
  }

  /** What is judged need not be replayed for ever. */
  private void forgetOld() throws InterruptedException {
    ends.add(broker.ends());
    if (ends.size() > ROUNDS_KEPT) {
      broker.deleteBefore(ends.remove(0));
    }
  }

  private void duplicateOne() throws InterruptedException {
    List<ChaosNode.Document> one = new ArrayList<>();
    node.read(
        Map.of("term", Map.of("labels." + LoadStream.ROUND, Integer.toString(options.rounds()))),
        document -> {
          if (one.isEmpty()) {
            one.add(document);
          }
        });
    node.duplicate(one.get(0));
  }

  private int tell(Judge.Verdict verdict) {
    for (Fault fault : Fault.values()) {
      print("%5d × %s", counts.getOrDefault(fault, 0), fault.meaning());
    }
    findings.told().forEach(finding -> print("found: %s", finding));
    print("findings=%d commit-samples=%d", findings.count(), watch.samples());
    print(
        "rounds=%d acknowledged=%d indexed=%d deadlettered=%d lost=%d duplicates=%d",
        options.rounds(),
        verdict.acknowledged(),
        verdict.indexed(),
        verdict.deadLettered(),
        verdict.lost(),
        verdict.duplicates());
    if (findings.count() > 0) {
      return 1;
    }
    return isMeaningful() ? 0 : 2;
  }

  private boolean isMeaningful() {
    boolean everything = counts.keySet().size() == Fault.values().length;
    boolean meaningful =
        watch.samples() >= options.rounds()
            && (everything || options.rounds() < ROUNDS_WITH_EVERYTHING);
    if (!meaningful) {
      System.err.println("chaos: too few samples or kinds of faults to prove anything");
    }
    return meaningful;
  }

  private void print(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  private Optional<Path> patch(Path work) throws IOException {
    Path folder = work.resolve("patch");
    Optional<BrokenSource> source = options.sabotage().flatMap(CollectorSabotage::source);
    if (source.isEmpty()) {
      return Optional.empty();
    }
    source.get().compileInto(Path.of(System.getProperty("bitacora.root", ".")), folder);
    return Optional.of(folder);
  }

  private Map<String, String> settings(StoreProxy proxy) {
    return Map.ofEntries(
        Map.entry("BITACORA_KAFKA_BOOTSTRAP_SERVERS", broker.servers()),
        Map.entry("BITACORA_KAFKA_SESSION_TIMEOUT_MS", "6000"),
        Map.entry("BITACORA_KAFKA_HEARTBEAT_INTERVAL_MS", "500"),
        Map.entry(
            "BITACORA_KAFKA_MAX_POLL_INTERVAL_MS",
            Long.toString(FaultScene.MAX_POLL_INTERVAL.toMillis())),
        Map.entry("BITACORA_ELASTICSEARCH_URL", proxy.url().toString()),
        Map.entry("BITACORA_ELASTICSEARCH_USER", ChaosNode.COLLECTOR.name()),
        Map.entry("BITACORA_ELASTICSEARCH_PASSWORD", ChaosNode.COLLECTOR.password()),
        Map.entry("BITACORA_LISTEN", "127.0.0.1:0"),
        // Each round has a month of its own, and no month expires.
        Map.entry("BITACORA_RETENTION_EVENTS", "9000"),
        Map.entry("BITACORA_RETENTION_LOGS", "9000"));
  }

  @Override
  public void close() {
    threads.shutdownNow();
    closing.forEach(Runnable::run);
    closing.clear();
  }
}
