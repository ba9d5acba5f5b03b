package dev.bitacora.bench.load;

import dev.bitacora.bench.Figures;
import dev.bitacora.bench.kafka.Topics;
import dev.bitacora.testkit.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the agent costs the users of a component: invocations of the example component {@code api},
 * which calls the cache and the assistant, with its agent off and on, in alternated rounds, while
 * the Kafka broker is up, paused and down. All are answered; those with the agent take no longer,
 * but for a little; every event arrives in the end. Beside it, and without a promise, an API
 * without neighbours: it does hardly anything but record.
 *
 * <p>Exit code 0 when all figures hold, 1 when one is missed, 2 when that could not be measured, 3
 * for wrong usage.
 */
public final class Load {
  /** Hundreds of invocations: compilers share the processors with what is measured. */
  private static final int WARM_UP = 600;

  private final Figures figures = new Figures();
  private final KafkaBroker broker;
  private final Path work;
  private final Topics topics;
  private final Invocations invocations;

  private Load(KafkaBroker broker, Path work, Topics topics, Invocations invocations) {
    this.broker = broker;
    this.work = work;
    this.topics = topics;
    this.invocations = invocations;
  }

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) {
    if (arguments.length > 0) {
      System.err.println("Usage: dev/load");
      return 3;
    }
    try (KafkaBroker broker = KafkaBroker.startElsewhere();
        Invocations invocations = new Invocations()) {
      Topics topics = new Topics(broker.bootstrapServers());
      topics.create(Topics.AUDIT, Topics.LOG);
      // Vanishes with the broker, also when this JVM is killed.
      Path work = Files.createDirectory(broker.directory().resolve("load"));
      return new Load(broker, work, topics, invocations).run();
    } catch (IOException | RuntimeException e) {
      System.err.println("load: could not be measured: " + e);
      return 2;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 2;
    }
  }

  private int run() throws IOException, InterruptedException {
    List<String> answered = new ArrayList<>();
    long accepted;
    try (ExampleProcess cache = ExampleProcess.silent(work, "cache", "prd", Map.of());
        ExampleProcess assistant = ExampleProcess.silent(work, "assistant", "prd", Map.of())) {
      Map<String, ExampleProcess> peers = Map.of("cache", cache, "assistant", assistant);
      String servers = broker.bootstrapServers();
      try (ExampleProcess off = ExampleProcess.silent(work, "api", "prd", peers);
          ExampleProcess on = ExampleProcess.recording(work, "api", "prd", servers, peers);
          ExampleProcess aloneOff = ExampleProcess.silent(work, "api", "dev", Map.of());
          ExampleProcess aloneOn =
              ExampleProcess.recording(work, "api", "dev", servers, Map.of())) {
        measure(
            new Comparison(invocations, off.url(), on.url()),
            new Comparison(invocations, aloneOff.url(), aloneOn.url()));
        accepted = on.accepted() + aloneOn.accepted();
        answered.addAll(invocations.made(on.url(), "prd"));
        answered.addAll(invocations.made(aloneOn.url(), "dev"));
        figures.never("events-refused", on.refused() + aloneOn.refused());
      }
    }
    Arrivals arrivals = new Arrivals(topics);
    print("%,d records were accepted, %,d stand in the topics", accepted, arrivals.records());
    figures.never("invocations-unanswered", invocations.unanswered());
    figures.never("events-missing", arrivals.missing(accepted, answered));
    return figures.exitCode();
  }

  private void measure(Comparison api, Comparison alone) throws InterruptedException {
    System.err.println("warming up");
    api.warmUp(WARM_UP);
    alone.warmUp(WARM_UP);
    print(
        "%d rounds of %,d sequential invocations and %d times 100 parallel ones; microseconds",
        Comparison.ROUNDS, Comparison.SEQUENTIAL, Comparison.WAVES);
    print("%-32s %10s %10s %10s %10s", "", "p50 off", "p50 on", "p99 off", "p99 on");
    measure("up", api, alone);
    broker.pause();
    measure("paused", api, alone);
    broker.resume();
    broker.kill();
    measure("down", api, alone);
    broker.restart();
  }

  private void measure(String state, Comparison api, Comparison alone) throws InterruptedException {
    System.err.println("measuring: broker " + state);
    for (Comparison.Difference difference : api.measure()) {
      print(difference.row("broker " + state));
      String name = difference.kind() + "-broker-" + state;
      figures.atMost(
          name + "-p50-added-us", difference.p50Added(), Math.max(50, 0.05 * difference.p50Off()));
      figures.atMost(
          name + "-p99-added-us", difference.p99Added(), Math.max(500, 0.10 * difference.p99Off()));
    }
    alone.measure().forEach(difference -> print(difference.row("broker " + state + ", alone")));
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
