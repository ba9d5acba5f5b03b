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
import java.util.HashMap;
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
 * to end by what their compilers happened to do, and often by more than the limits. So there are
 * two of each, and what two without an agent differ by is shown. The four take turns within a
 * round, and turns at going first: some sequential invocations, then a hundred parallel ones.
 *
 * <p>Exit code 0 when all figures hold, 1 when one is missed, 2 when that could not be measured, 3
 * for wrong usage.
 */
public final class Load {
  private static final String API = "api";

  /** Before the environment of a round's second component: both number their invoices from 1. */
  private static final String OTHER = "other-";

  private static final String UP = "up";
  private static final String PAUSED = "paused";
  private static final String DOWN = "down";

  private static final int ROUNDS = 5;

  /**
   * Hundreds of invocations without a pause, of each process: most of what compilers have to do.
   */
  private static final int WARM_UP = 300;

  /**
   * Of each process in each state of the broker, not measured: the rest of what they have to do.
   */
  private static final int FIRST_TURNS = 15;

  /** Of each process in each state of the broker, measured. */
  private static final int TURNS = 50;

  /** In a turn, before a hundred parallel ones. */
  private static final int SEQUENTIAL = 10;

  private static final int TURNS_OF_A_SIDE = TURNS * Comparison.PROCESSES;

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
        ROUNDS, TURNS_OF_A_SIDE * SEQUENTIAL, TURNS_OF_A_SIDE);
    try (ExampleProcess cache = ExampleProcess.silent(work, "cache", "prd", Map.of());
        ExampleProcess assistant = ExampleProcess.silent(work, "assistant", "prd", Map.of())) {
      Map<String, ExampleProcess> peers = Map.of("cache", cache, "assistant", assistant);
      for (int round = 1; round <= ROUNDS; round++) {
        round(round, peers);
      }
    }
    print("%s", Comparison.heading());
    comparisons.values().forEach(both -> both.forEach(c -> print("%s", c.row())));
    print("apart: how much two processes without an agent differ by; on: what the agent adds");
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
        ExampleProcess on = recording(environment, peers);
        ExampleProcess otherOff = ExampleProcess.silent(work, API, environment, peers);
        ExampleProcess otherOn = recording(OTHER + environment, peers)) {
      Map<Side, List<URI>> sides =
          new EnumMap<>(
              Map.of(
                  Side.OFF, List.of(off.url(), otherOff.url()),
                  Side.ON, List.of(on.url(), otherOn.url())));
      say(round, "warming up");
      for (List<URI> side : sides.values()) {
        for (URI component : side) {
          invocations.warmUp(component, WARM_UP);
        }
      }
      broker.pause();
      new Turns(invocations, sides, round).take(FIRST_TURNS);
      broker.resume();
      broker.kill();
      new Turns(invocations, sides, round).take(FIRST_TURNS);
      broker.restart();
      new Turns(invocations, sides, round).take(FIRST_TURNS);
      measure(UP, new Turns(invocations, sides, round));
      broker.pause();
      measure(PAUSED, new Turns(invocations, sides, round));
      broker.resume();
      broker.kill();
      measure(DOWN, new Turns(invocations, sides, round));
      broker.restart();
      accepted += on.accepted() + otherOn.accepted();
      refused += on.refused() + otherOn.refused();
      unanswered += invocations.unanswered();
      answered.addAll(invocations.made(on.url(), environment));
      answered.addAll(invocations.made(otherOn.url(), OTHER + environment));
    }
  }

  private ExampleProcess recording(String environment, Map<String, ExampleProcess> peers)
      throws IOException, InterruptedException {
    return ExampleProcess.recording(work, API, environment, broker.bootstrapServers(), peers);
  }

  private void measure(String state, Turns turns) throws InterruptedException {
    say(turns.round, "broker " + state);
    turns.take(TURNS);
    Comparison sequential = comparisons.get(state).get(0);
    Comparison parallel = comparisons.get(state).get(1);
    for (Side side : Side.values()) {
      sequential.add(side, turns.of(side, turns.sequential));
      parallel.add(side, turns.of(side, turns.parallel));
    }
    say(turns.round, "broker " + state + ": " + sequential.last() + "; " + parallel.last());
  }

  private static void say(int round, String what) {
    System.err.println("round " + round + " of " + ROUNDS + ": " + what);
  }

  /** Of all processes, one after the other; who goes first changes. */
  private static final class Turns {
    private final Invocations invocations;
    private final Map<Side, List<URI>> sides;
    private final int round;
    private final Map<URI, Histogram> sequential = new HashMap<>();
    private final Map<URI, Histogram> parallel = new HashMap<>();

    Turns(Invocations invocations, Map<Side, List<URI>> sides, int round) {
      this.invocations = invocations;
      this.sides = sides;
      this.round = round;
      for (List<URI> side : sides.values()) {
        for (URI component : side) {
          sequential.put(component, Invocations.histogram());
          parallel.put(component, Invocations.histogram());
        }
      }
    }

    void take(int turns) throws InterruptedException {
      List<URI> order = new ArrayList<>();
      for (int process = 0; process < Comparison.PROCESSES; process++) {
        for (Side side : Side.values()) {
          order.add(sides.get(side).get(process));
        }
      }
      Collections.rotate(order, round);
      for (int turn = 0; turn < turns; turn++) {
        Collections.rotate(order, 1);
        for (URI component : order) {
          invocations.sequential(component, SEQUENTIAL, sequential.get(component));
          invocations.parallel(component, parallel.get(component));
        }
      }
    }

    List<Histogram> of(Side side, Map<URI, Histogram> latencies) {
      return sides.get(side).stream().map(latencies::get).toList();
    }
  }

  private void judge(Comparison comparison) {
    figures.atMost(
        comparison.name() + "-p50-added-us",
        comparison.added(50),
        Math.max(50, 0.05 * comparison.median(Side.OFF, 50)));
    figures.atMost(
        comparison.name() + "-p99-added-us",
        comparison.added(99),
        Math.max(500, 0.10 * comparison.median(Side.OFF, 99)));
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
