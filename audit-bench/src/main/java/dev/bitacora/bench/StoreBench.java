package dev.bitacora.bench;

import dev.bitacora.store.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many events per second the embedded store and Elasticsearch index on this machine, in one
 * run, both through {@code AuditStore}: the same events, batches and writers, in alternated rounds.
 * Exit code 0 when the embedded store is at least {@link #REQUIRED_RATIO} times as fast, 1 when it
 * is not, 2 when that could not be measured, 3 for wrong usage.
 */
public final class StoreBench {
  private static final double REQUIRED_RATIO = 1.5;

  /** What the just-in-time compilers of both processes need. */
  private static final int WARM_UP_ROUNDS = 2;

  /** No round begins after this much time; those measured until then count. */
  private static final Duration LAST_START = Duration.ofSeconds(110);

  /** All events fall into one day: into one index of each store. */
  private static final Instant DAY = Instant.parse("2026-11-15T00:00:00Z");

  private final StoreBenchOptions options;
  private final Instant begun = Instant.now();
  private int streams;

  private StoreBench(StoreBenchOptions options) {
    this.options = options;
  }

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) {
    StoreBenchOptions options;
    try {
      options = StoreBenchOptions.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(StoreBenchOptions.USAGE);
      return 3;
    }
    try (Contender embedded = Contender.lucene();
        Contender elasticsearch = Contender.elasticsearch()) {
      return new StoreBench(options).compare(embedded, elasticsearch) >= REQUIRED_RATIO ? 0 : 1;
    } catch (RuntimeException e) {
      System.err.println("store benchmark: could not be measured: " + e);
      return 2;
    }
  }

  private double compare(Contender one, Contender other) {
    print(
        "%d writers, batches of %,d, %,d events per store and round",
        options.writers(), options.batch(), options.events());
    print("%-10s %15s %15s", "events/s", one.name(), other.name());
    List<Double> ones = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    for (int round = 1 - WARM_UP_ROUNDS; round <= options.rounds() && mayStart(round); round++) {
      List<List<List<NewEvent>>> work = work();
      // Each goes first in half of the rounds: what it leaves to its background costs the other.
      boolean swapped = round % 2 == 0;
      double early = Round.eventsPerSecond((swapped ? other : one).store(), work);
      double late = Round.eventsPerSecond((swapped ? one : other).store(), work);
      double mine = swapped ? late : early;
      double theirs = swapped ? early : late;
      printRow(round < 1 ? "warm-up" : Integer.toString(round), mine, theirs);
      if (round > 0) {
        ones.add(mine);
        others.add(theirs);
      }
    }
    double ratio = median(ones) / median(others);
    printRow("median", median(ones), median(others));
    print("ratio=%.2f", ratio);
    return ratio;
  }

  private boolean mayStart(int round) {
    return round < 2 || Duration.between(begun, Instant.now()).compareTo(LAST_START) < 0;
  }

  /** Per writer its batches, of streams that nobody has seen. */
  private List<List<List<NewEvent>>> work() {
    int batches = Math.max(1, options.events() / options.writers() / options.batch());
    List<List<List<NewEvent>>> work = new ArrayList<>();
    for (int writer = 0; writer < options.writers(); writer++) {
      EventGenerator events = new EventGenerator(++streams, DAY.plusSeconds(60L * streams));
      List<List<NewEvent>> mine = new ArrayList<>();
      for (int i = 0; i < batches; i++) {
        mine.add(events.next(options.batch()));
      }
      work.add(mine);
    }
    return work;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static void printRow(String name, double one, double other) {
    print("%-10s %,15.0f %,15.0f", name, one, other);
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
