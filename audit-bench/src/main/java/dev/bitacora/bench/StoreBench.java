package dev.bitacora.bench;

import dev.bitacora.store.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * How many events per second the embedded store and Elasticsearch index on this machine, in one
 * run, both through {@code AuditStore}: the same events, batches and writers, in alternated rounds
 * that begin when neither store works in the background any more. Rounds that other programs
 * disturbed are shown and not counted. Exit code 0 when the embedded store is at least {@link
 * #REQUIRED_RATIO} times as fast, 1 when it is not, 2 when that could not be measured, 3 for wrong
 * usage.
 */
public final class StoreBench {
  private static final double REQUIRED_RATIO = 1.5;

  /** What the just-in-time compilers of both processes need. */
  private static final int WARM_UP_ROUNDS = 5;

  /** No round to warm up begins after this much time. */
  private static final Duration LAST_WARM_UP = Duration.ofSeconds(40);

  /** No round begins after this much time; those measured until then count. */
  private static final Duration LAST_START = Duration.ofSeconds(85);

  /** A round in which other programs took this many processors counts only for want of others. */
  private static final double DISTURBANCE = 0.3;

  private static final int ENOUGH_ROUNDS = 3;

  private static final Duration LONGEST_REST = Duration.ofSeconds(5);

  /** All events fall into one day: into one index of each store. */
  private static final Instant DAY = Instant.parse("2026-11-15T00:00:00Z");

  private final StoreBenchOptions options;
  private final Instant begun = Instant.now();
  private final Rest rest = new Rest();
  private final OtherPrograms others = new OtherPrograms();
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

  /**
   * What one store did in one round.
   *
   * @param others processors that other programs took meanwhile
   */
  private record Result(double seconds, double background, double others) {}

  private record Pair(Result one, Result other) {
    private double others() {
      return Math.max(one.others(), other.others());
    }

    private boolean isUndisturbed() {
      return others() < DISTURBANCE;
    }
  }

  private double compare(Contender one, Contender other) {
    print(
        "Both stores get the same events: %,d per round, %d writers at the same time, batches of"
            + " %,d, each durable before the next.",
        options.eventsPerRound(), options.writers(), options.batch());
    print("They take turns in going first; each begins when neither works in the background.");
    print("%-10s %15s %15s %18s", "events/s", one.name(), other.name(), "other programs");
    for (int i = 0; i < WARM_UP_ROUNDS && isBefore(LAST_WARM_UP); i++) {
      List<List<List<NewEvent>>> work = work();
      printPair("warm-up", new Pair(measure(one, work), measure(other, work)));
    }
    List<Pair> pairs = new ArrayList<>();
    while (pairs.isEmpty() || (isBefore(LAST_START) && undisturbed(pairs) < options.rounds())) {
      pairs.add(round(one, other, pairs.size() % 2 == 0));
      printPair(Integer.toString(pairs.size()), pairs.get(pairs.size() - 1));
    }
    return summarize(pairs);
  }

  private Pair round(Contender one, Contender other, boolean oneFirst) {
    List<List<List<NewEvent>>> work = work();
    // What making the events left behind is not the stores' to clean up.
    System.gc();
    rest.await(LONGEST_REST);
    Result early = measure(oneFirst ? one : other, work);
    Result late = measure(oneFirst ? other : one, work);
    return oneFirst ? new Pair(early, late) : new Pair(late, early);
  }

  private Result measure(Contender contender, List<List<List<NewEvent>>> work) {
    others.watch();
    double seconds = Round.seconds(contender.store(), work);
    double disturbed = others.processors();
    return new Result(seconds, rest.await(LONGEST_REST).toNanos() / 1e9, disturbed);
  }

  private static int undisturbed(List<Pair> pairs) {
    return (int) pairs.stream().filter(Pair::isUndisturbed).count();
  }

  private double summarize(List<Pair> pairs) {
    List<Pair> counted = counted(pairs);
    double mine = median(counted, pair -> rate(pair.one()));
    double theirs = median(counted, pair -> rate(pair.other()));
    printRow("median", mine, theirs);
    printRow(
        "with rest",
        median(counted, pair -> rateToRest(pair.one())),
        median(counted, pair -> rateToRest(pair.other())));
    print("\"with rest\": the median when the time until the background is at rest counts, too");
    print("ratio=%.2f", mine / theirs);
    return mine / theirs;
  }

  private static List<Pair> counted(List<Pair> pairs) {
    if (undisturbed(pairs) >= ENOUGH_ROUNDS) {
      print(
          "counted: the %d of %d rounds in which other programs took less than %.1f processors",
          undisturbed(pairs), pairs.size(), DISTURBANCE);
      return pairs.stream().filter(Pair::isUndisturbed).toList();
    }
    print(
        "counted: all %d rounds; other programs kept the machine busy, so it may be far off",
        pairs.size());
    return pairs;
  }

  private double rate(Result result) {
    return options.eventsPerRound() / result.seconds();
  }

  private double rateToRest(Result result) {
    return options.eventsPerRound() / (result.seconds() + result.background());
  }

  private boolean isBefore(Duration limit) {
    return Duration.between(begun, Instant.now()).compareTo(limit) < 0;
  }

  /** Per writer its batches, of streams that nobody has seen. */
  private List<List<List<NewEvent>>> work() {
    List<List<List<NewEvent>>> work = new ArrayList<>();
    for (int writer = 0; writer < options.writers(); writer++) {
      EventGenerator events = new EventGenerator(++streams, DAY.plusSeconds(60L * streams));
      List<List<NewEvent>> mine = new ArrayList<>();
      for (int i = 0; i < options.batchesPerWriter(); i++) {
        mine.add(events.next(options.batch()));
      }
      work.add(mine);
    }
    return work;
  }

  private static double median(List<Pair> pairs, ToDoubleFunction<Pair> figure) {
    double[] sorted = pairs.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private void printPair(String name, Pair pair) {
    print(
        "%-10s %,15.0f %,15.0f %7.1f processors",
        name, rate(pair.one()), rate(pair.other()), pair.others());
  }

  private static void printRow(String name, double one, double other) {
    print("%-10s %,15.0f %,15.0f", name, one, other);
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
