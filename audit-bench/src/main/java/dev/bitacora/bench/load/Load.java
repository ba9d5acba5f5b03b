package dev.bitacora.bench.load;

import dev.bitacora.bench.Figures;
import dev.bitacora.bench.kafka.Topics;
import dev.bitacora.testkit.KafkaBroker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What the agent costs the users of a component: invocations of the example component {@code api}
 * with the agent off and on, in alternated rounds, while the Kafka broker is up, paused and down.
 * All are answered; those with the agent take no longer, but for a little; every event arrives in
 * the end.
 *
 * <p>Exit code 0 when all figures hold, 1 when one is missed, 2 when that could not be measured, 3
 * for wrong usage.
 */
public final class Load {
  private static final int ROUNDS = 5;
  private static final int SEQUENTIAL = 1_000;

  /** Of a hundred parallel invocations each. */
  private static final int WAVES = 10;

  /** Of both components: their compilers share the processors with what is measured. */
  private static final int WARM_UP_ROUNDS = 20;

  private final Figures figures = new Figures();
  private final Invocations invocations;
  private final URI off;
  private final URI on;

  private Load(Invocations invocations, URI off, URI on) {
    this.invocations = invocations;
    this.off = off;
    this.on = on;
  }

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) {
    if (arguments.length > 0) {
      System.err.println("Usage: dev/load");
      return 3;
    }
    try (KafkaBroker broker = KafkaBroker.start();
        Invocations invocations = new Invocations()) {
      Path work = Files.createTempDirectory("bitacora-load");
      int code = run(work, broker, invocations);
      remove(work);
      return code;
    } catch (IOException | RuntimeException e) {
      System.err.println("load: could not be measured: " + e);
      return 2;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 2;
    }
  }

  private static int run(Path work, KafkaBroker broker, Invocations invocations)
      throws IOException, InterruptedException {
    String servers = broker.bootstrapServers();
    Topics topics = new Topics(servers);
    topics.create(Topics.AUDIT, Topics.LOG);
    Load load;
    long refused;
    long accepted;
    try (ApiComponent off = ApiComponent.silent(work, servers);
        ApiComponent on = ApiComponent.recording(work, servers)) {
      load = new Load(invocations, off.url(), on.url());
      load.measure(broker);
      refused = on.refused();
      accepted = on.accepted();
    }
    Arrivals arrivals = new Arrivals(topics);
    print(
        "%,d events and log lines were accepted, %,d records arrived",
        accepted, arrivals.records());
    long missing =
        Math.max(accepted - arrivals.records(), 0)
            + arrivals.missingNumbers()
            + arrivals.missingInvoices(invocations.answers(load.on));
    load.figures.never("invocations-unanswered", invocations.unanswered());
    load.figures.never("events-refused", refused);
    load.figures.never("events-missing", missing);
    return load.figures.exitCode();
  }

  private void measure(KafkaBroker broker) throws InterruptedException {
    print(
        "%d rounds of %,d sequential invocations and %d times 100 parallel ones; microseconds",
        ROUNDS, SEQUENTIAL, WAVES);
    print("%-8s %-11s %10s %10s %10s %10s", "broker", "", "p50 off", "p50 on", "p99 off", "p99 on");
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      invocations.warmUp(off, SEQUENTIAL);
      invocations.warmUp(on, SEQUENTIAL);
    }
    measure("up");
    broker.pause();
    measure("paused");
    broker.resume();
    broker.kill();
    measure("down");
    broker.restart();
  }

  /** One round at one component. */
  private final class Sample {
    private final Histogram sequential;
    private final Histogram parallel;

    Sample(URI component) throws InterruptedException {
      sequential = invocations.sequential(component, SEQUENTIAL);
      parallel = invocations.parallel(component, WAVES);
    }
  }

  private void measure(String state) throws InterruptedException {
    List<Sample> offs = new ArrayList<>();
    List<Sample> ons = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      // Each goes first in half of the rounds.
      boolean offFirst = round % 2 == 0;
      Sample early = new Sample(offFirst ? off : on);
      Sample late = new Sample(offFirst ? on : off);
      offs.add(offFirst ? early : late);
      ons.add(offFirst ? late : early);
    }
    compare(
        state,
        "sequential",
        offs.stream().map(sample -> sample.sequential).toList(),
        ons.stream().map(sample -> sample.sequential).toList());
    compare(
        state,
        "parallel",
        offs.stream().map(sample -> sample.parallel).toList(),
        ons.stream().map(sample -> sample.parallel).toList());
  }

  private void compare(String state, String kind, List<Histogram> offs, List<Histogram> ons) {
    double p50Off = median(offs, 50);
    double p50On = median(ons, 50);
    double p99Off = median(offs, 99);
    double p99On = median(ons, 99);
    print("%-8s %-11s %10.0f %10.0f %10.0f %10.0f", state, kind, p50Off, p50On, p99Off, p99On);
    String name = kind + "-broker-" + state;
    figures.atMost(name + "-p50-added-us", p50On - p50Off, Math.max(50, 0.05 * p50Off));
    figures.atMost(name + "-p99-added-us", p99On - p99Off, Math.max(500, 0.10 * p99Off));
  }

  /** Of the rounds' percentiles, in microseconds. */
  private static double median(List<Histogram> rounds, double percentile) {
    double[] sorted =
        rounds.stream()
            .mapToDouble(round -> round.getValueAtPercentile(percentile) / 1000.0)
            .sorted()
            .toArray();
    return sorted[sorted.length / 2];
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
