package dev.bitacora.bench.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;

/**
 * One kind of invocation in one state of the broker, over all rounds; in each there are two
 * processes without and two with an agent. One thread's.
 */
final class Comparison {
  /** Processes of each kind in a round. */
  static final int PROCESSES = 2;

  /** What is invoked. */
  enum Side {
    OFF,
    ON
  }

  private final String kind;
  private final String state;
  private final Map<Side, List<List<Histogram>>> rounds = new EnumMap<>(Side.class);

  Comparison(String kind, String state) {
    this.kind = kind;
    this.state = state;
    for (Side side : Side.values()) {
      rounds.put(side, new ArrayList<>());
    }
  }

  /** As the figures are called. */
  String name() {
    return kind + "-broker-" + state;
  }

  /** One round's nanoseconds, of each process. */
  void add(Side side, List<Histogram> processes) {
    rounds.get(side).add(processes);
  }

  /** For people: the last round's medians, of each process. */
  String last() {
    return kind + " off" + medians(Side.OFF) + " on" + medians(Side.ON) + " us";
  }

  private String medians(Side side) {
    List<List<Histogram>> of = rounds.get(side);
    return of.get(of.size() - 1).stream()
        .map(process -> String.format(Locale.ROOT, " %,.0f", micros(process, 50)))
        .collect(Collectors.joining());
  }

  /** The median of the rounds' percentiles, in microseconds; a round's is that of all its calls. */
  double median(Side side, double percentile) {
    return median(
        rounds.get(side).stream().mapToDouble(processes -> micros(all(processes), percentile)));
  }

  /** By how much the processes of a round differ that have no agent: what means nothing. */
  double apart(double percentile) {
    return median(
        rounds.get(Side.OFF).stream()
            .mapToDouble(
                processes ->
                    Math.abs(
                        micros(processes.get(0), percentile)
                            - micros(processes.get(1), percentile))));
  }

  /** By how much those with an agent are above those without, in microseconds. */
  double added(double percentile) {
    return median(Side.ON, percentile) - median(Side.OFF, percentile);
  }

  private static Histogram all(List<Histogram> processes) {
    Histogram all = Invocations.histogram();
    processes.forEach(all::add);
    return all;
  }

  private static double micros(Histogram latencies, double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1000.0;
  }

  private static double median(DoubleStream rounds) {
    double[] sorted = rounds.sorted().toArray();
    return sorted[sorted.length / 2];
  }

  static String heading() {
    return String.format(
        Locale.ROOT,
        "%-28s %8s %8s %8s %10s %8s %8s",
        "microseconds",
        "p50 off",
        "apart",
        "on",
        "p99 off",
        "apart",
        "on");
  }

  /** For people. */
  String row() {
    return String.format(
        Locale.ROOT,
        "%-28s %,8.0f %,8.0f %+,8.0f %,10.0f %,8.0f %+,8.0f",
        "broker " + state + ", " + kind,
        median(Side.OFF, 50),
        apart(50),
        added(50),
        median(Side.OFF, 99),
        apart(99),
        added(99));
  }
}
