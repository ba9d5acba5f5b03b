package dev.bitacora.bench.chaos;

import dev.bitacora.bench.chaos.RoundPlan.Death;
import dev.bitacora.bench.kafka.Topics;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.testkit.KafkaBroker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Kills a recording component again and again, while its Kafka broker is killed, paused and started
 * again, and then compares what the component was told with what stands in the topics. The judge is
 * outside: this process keeps the receipts and reads the topics with its own consumer.
 *
 * <p>Exit code 0 when nothing that was accepted is missing, 1 when something is or a stream is
 * broken, 2 when that could not be found out, 3 for wrong usage.
 */
public final class AgentChaos {
  private static final Duration DELIVERY_LIMIT = Duration.ofSeconds(270);

  /** Fewer would prove little. */
  private static final int LEAST_RECEIPTS_PER_ROUND = 500;

  private static final int ROUNDS_PER_HOLE = 20;

  private final ChaosOptions options;
  private final Path work;
  private final KafkaBroker broker;
  private final Weather weather;
  private final Optional<Path> patch;
  private final Receipts receipts = new Receipts();
  private final Map<String, Integer> counts = new TreeMap<>();

  private AgentChaos(ChaosOptions options, Path work, KafkaBroker broker, Weather weather)
      throws IOException {
    this.options = options;
    this.work = work;
    this.broker = broker;
    this.weather = weather;
    this.patch = options.sabotage().map(sabotage -> work.resolve(sabotage.text()));
    if (patch.isPresent()) {
      Path root = Path.of(System.getProperty("bitacora.root", "."));
      options.sabotage().orElseThrow().compileInto(root, patch.get());
    }
  }

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    ChaosOptions options;
    try {
      options = ChaosOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(ChaosOptions.USAGE);
      return 3;
    }
    print("seed=%d", options.seed());
    try {
      return run(options);
    } catch (IOException | RuntimeException e) {
      System.err.println("chaos: could not be carried out: " + e);
      return 2;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 2;
    }
  }

  private static int run(ChaosOptions options) throws IOException, InterruptedException {
    Path work = Files.createTempDirectory("bitacora-chaos");
    int code;
    try (KafkaBroker broker = KafkaBroker.start();
        Weather weather = new Weather(broker)) {
      code = new AgentChaos(options, work, broker, weather).run();
    } catch (IOException | RuntimeException e) {
      System.err.println("chaos: spool and logs of the components are in " + work);
      throw e;
    }
    if (code == 0) {
      remove(work);
    } else {
      print("receipts and logs of the components are in %s", work);
    }
    return code;
  }

  private int run() throws IOException, InterruptedException {
    Topics topics = new Topics(broker.bootstrapServers());
    topics.create(Topics.AUDIT, Topics.LOG);
    List<RoundPlan> plans = RoundPlan.of(options.rounds(), options.seed());
    for (int i = 0; i < plans.size(); i++) {
      play(i + 1, plans.get(i));
    }
    weather.clear();
    print("the broker is up; a last component delivers what is left");
    start("last", "deliver").awaitEnd(DELIVERY_LIMIT);
    Verdict verdict = read(topics);
    verdict.decide(receipts);
    return tell(verdict);
  }

  /** Keeps a list of what was read, for whoever has to find out why something is missing. */
  private Verdict read(Topics topics) throws IOException {
    Verdict verdict = new Verdict();
    try (PrintWriter list =
        new PrintWriter(Files.newBufferedWriter(work.resolve("delivered.txt")))) {
      topics.read(Topics.AUDIT, stored -> verdict.audit(listed(stored, list)));
      topics.read(Topics.LOG, stored -> verdict.log(listed(stored, list)));
    }
    return verdict;
  }

  private static WireRecord listed(Topics.Stored stored, PrintWriter list) {
    WireRecord wire = stored.wire();
    list.println(stored.place() + " " + wire.position() + " " + wire.kind());
    return wire;
  }

  private ComponentProcess start(String name, String... arguments) throws IOException {
    return ComponentProcess.start(work, broker.bootstrapServers(), patch, name, List.of(arguments));
  }

  private void play(int number, RoundPlan plan) throws IOException, InterruptedException {
    BrokerFault.State before = weather.state();
    weather.bring(plan.fault(), plan.faultDelay());
    ComponentProcess component = start("round-" + number, Long.toString(plan.seed()));
    live(component, plan);
    component.kill();
    int told = receipts.add(component.receipts());
    count("component " + plan.death().meaning());
    count("broker " + plan.fault().meaning());
    if (plan.heldClaims() > 0 && plan.death() == Death.RECORDING) {
      count("killed with claims held");
    }
    print(
        "round %d/%d: component %s, broker %s, %s; %,d receipts",
        number,
        options.rounds(),
        plan.death().meaning(),
        before.name().toLowerCase(Locale.ROOT),
        plan.fault().meaning(),
        told);
  }

  private static void live(ComponentProcess component, RoundPlan plan)
      throws IOException, InterruptedException {
    if (plan.death() == Death.EARLY) {
      pause(plan.life());
      return;
    }
    component.awaitFirstReceipt();
    if (plan.death() == Death.STRAGGLING) {
      component.order("hold 1 " + RoundPlan.STRAGGLE.toMillis());
    }
    pause(plan.life());
    component.order("storm");
    if (plan.death() == Death.RECORDING && plan.heldClaims() > 0) {
      component.order("hold " + plan.heldClaims() + " 60000");
    }
    pause(plan.storm());
  }

  private static void pause(Duration duration) throws InterruptedException {
    Thread.sleep(duration.toMillis());
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  private int tell(Verdict verdict) {
    counts.forEach((what, times) -> print("%5d × %s", times, what));
    verdict.findings().forEach(finding -> print("found: %s", finding));
    print("holes=%d", verdict.holes());
    print(
        "rounds=%d acknowledged=%d delivered=%d lost=%d unexplained-gaps=%d broken-links=%d",
        options.rounds(),
        receipts.size(),
        verdict.delivered(),
        verdict.lost(),
        verdict.unexplainedGaps(),
        verdict.brokenLinks());
    if (!verdict.isGood()) {
      return 1;
    }
    return isMeaningful(verdict) ? 0 : 2;
  }

  private boolean isMeaningful(Verdict verdict) {
    boolean meaningful =
        receipts.size() >= LEAST_RECEIPTS_PER_ROUND * options.rounds()
            && verdict.holes() >= options.rounds() / ROUNDS_PER_HOLE;
    if (!meaningful) {
      System.err.println(
          "chaos: too few receipts or holes to prove anything; is the spool's folder on a file"
              + " system that can be mapped?");
    }
    return meaningful;
  }

  private static void remove(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
