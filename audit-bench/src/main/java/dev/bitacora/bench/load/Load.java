package dev.bitacora.bench.load;

import dev.bitacora.bench.Figures;
import dev.bitacora.bench.kafka.Topics;
import dev.bitacora.bench.load.Comparison.Side;
import dev.bitacora.testkit.KafkaBroker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What the agent costs the users of a component: invocations of the example component {@code api},
 * which calls the cache and the assistant, with its agent off and on, while the Kafka broker is up,
 * paused and down. All are answered; those with the agent take no longer, but for a little; every
 * event arrives in the end.
 *
 * <p>Each round has processes of its own, warmed up anew: two of the same program differ from start
 * to end by what their compilers happened to do, and often by more than the limits. What that comes
 * to is shown by a third process, without an agent like the first. The three take turns within a
 * round, and turns at going first.
 *
 * <p>Exit code 0 when all figures hold, 1 when one is missed, 2 when that could not be measured, 3
 * for wrong usage.
 */
public final class Load {
  private static final String API = "api";
  private static final String UP = "up";
  private static final String PAUSED = "paused";
  private static final String DOWN = "down";

  private static final int ROUNDS = 5;

  /** Hundreds of invocations: compilers share the processors with what is measured. */
  private static final int WARM_UP = 300;

  /** Of each process in each state of the broker. */
  private static final int TURNS = 4;

  private static final int SEQUENTIAL = 1_000;

  /** Of a hundred parallel invocations each; the median of one wave differs by a fifth. */
  private static final int WAVES = 40;

  private final Figures figures = new Figures();
  private final Map<String, List<Comparison>> comparisons = new LinkedHashMap<>();
  private final List<String> answered = new ArrayList<>();
  private final KafkaBroker broker;
  private final Path work;
  private final Topics topics;
  private long accepted;
  private long refused;
  private long unanswered;

  private Load(KafkaBroker broker, Path work, Topics topics) {
    this.broker = broker;
    this.work = work;
    this.topics = topics;
    for (String state : List.of(UP, PAUSED, DOWN)) {
      comparisons.put(
          state, List.of(new Comparison("sequential", state), new Comparison("parallel", state)));
    }
  }

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) {
    if (arguments.length > 0) {
      System.err.println("Usage: dev/load");
      return 3;
    }
    try (KafkaBroker broker = KafkaBroker.startElsewhere()) {
      Topics topics = new Topics(broker.bootstrapServers());
      topics.create(Topics.AUDIT, Topics.LOG);
      // Vanishes with the broker, also when this JVM is killed.
      Path work = Files.createDirectory(broker.directory().resolve("load"));
      return new Load(broker, work, topics).run();
    } catch (IOException | RuntimeException e) {
      System.err.println("load: could not be measured: " + e);
      return 2;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 2;
    }
  }

  private int run() throws IOException, InterruptedException {
    print(
        "%d rounds of %,d sequential invocations and %d times 100 parallel ones",
        ROUNDS, SEQUENTIAL, WAVES);
    try (ExampleProcess cache = ExampleProcess.silent(work, "cache", "prd", Map.of());
        ExampleProcess assistant = ExampleProcess.silent(work, "assistant", "prd", Map.of())) {
      Map<String, ExampleProcess> peers = Map.of("cache", cache, "assistant", assistant);
      for (int round = 1; round <= ROUNDS; round++) {
        round(round, peers);
      }
    }
    print("%s", Comparison.heading());
    comparisons.values().forEach(both -> both.forEach(c -> print("%s", c.row())));
    print("also off: another process without an agent, less the first; on: the agent's, likewise");
    comparisons.values().forEach(both -> both.forEach(this::judge));
    Arrivals arrivals = new Arrivals(topics);
    print("%,d records were accepted, %,d stand in the topics", accepted, arrivals.records());
    figures.never("invocations-unanswered", unanswered);
    figures.never("events-refused", refused);
    figures.never("events-missing", arrivals.missing(accepted, answered));
    return figures.exitCode();
  }

  /** Its processes number their invoices from 1: the environment says which round's they are. */
  private void round(int round, Map<String, ExampleProcess> peers)
      throws IOException, InterruptedException {
    String environment = "round-" + round;
    try (Invocations invocations = new Invocations();
        ExampleProcess off = ExampleProcess.silent(work, API, environment, peers);
        ExampleProcess alsoOff = ExampleProcess.silent(work, API, environment, peers);
        ExampleProcess on =
            ExampleProcess.recording(work, API, environment, broker.bootstrapServers(), peers)) {
      Map<Side, URI> sides =
          new EnumMap<>(
              Map.of(Side.OFF, off.url(), Side.ALSO_OFF, alsoOff.url(), Side.ON, on.url()));
      System.err.println("round " + round + " of " + ROUNDS + ": warming up");
      for (URI component : sides.values()) {
        invocations.warmUp(component, WARM_UP);
      }
      measure(invocations, UP, sides, round);
      broker.pause();
      measure(invocations, PAUSED, sides, round);
      broker.resume();
      broker.kill();
      measure(invocations, DOWN, sides, round);
      broker.restart();
      accepted += on.accepted();
      refused += on.refused();
      unanswered += invocations.unanswered();
      answered.addAll(invocations.made(on.url(), environment));
    }
  }

  private void measure(Invocations invocations, String state, Map<Side, URI> sides, int round)
      throws InterruptedException {
    System.err.println("round " + round + " of " + ROUNDS + ": broker " + state);
    Map<Side, Histogram> sequential = histograms();
    Map<Side, Histogram> parallel = histograms();
    List<Side> order = new ArrayList<>(List.of(Side.values()));
    Collections.rotate(order, round);
    for (int turn = 0; turn < TURNS; turn++) {
      Collections.rotate(order, 1);
      for (Side side : order) {
        invocations.sequential(sides.get(side), SEQUENTIAL / TURNS, sequential.get(side));
        invocations.parallel(sides.get(side), WAVES / TURNS, parallel.get(side));
      }
    }
    List<Comparison> both = comparisons.get(state);
    sequential.forEach(both.get(0)::add);
    parallel.forEach(both.get(1)::add);
  }

  private static Map<Side, Histogram> histograms() {
    Map<Side, Histogram> histograms = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      histograms.put(side, Invocations.histogram());
    }
    return histograms;
  }

  private void judge(Comparison comparison) {
    figures.atMost(
        comparison.name() + "-p50-added-us",
        comparison.added(Side.ON, 50),
        Math.max(50, 0.05 * comparison.median(Side.OFF, 50)));
    figures.atMost(
        comparison.name() + "-p99-added-us",
        comparison.added(Side.ON, 99),
        Math.max(500, 0.10 * comparison.median(Side.OFF, 99)));
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
