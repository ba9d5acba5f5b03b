package dev.bitacora.bench.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** One kind of invocation in one state of the broker, over all rounds. One thread's. */
final class Comparison {
  /** What is invoked, each a process of its own. */
  enum Side {
    OFF,
    /** What two processes differ by without any agent. */
    ALSO_OFF,
    ON
  }

  private final String kind;
  private final String state;
  private final Map<Side, List<Histogram>> rounds = new EnumMap<>(Side.class);

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

  /** One round's nanoseconds. */
  void add(Side side, Histogram latencies) {
    rounds.get(side).add(latencies);
  }

  /** The median of the rounds' percentiles, in microseconds. */
  double median(Side side, double percentile) {
    double[] sorted =
        rounds.get(side).stream()
            .mapToDouble(round -> round.getValueAtPercentile(percentile) / 1000.0)
            .sorted()
            .toArray();
    return sorted[sorted.length / 2];
  }

  /** By how much a side is above the one without an agent, in microseconds. */
  double added(Side side, double percentile) {
    return median(side, percentile) - median(Side.OFF, percentile);
  }

  static String heading() {
    return String.format(
        Locale.ROOT,
        "%-28s %8s %8s %8s %10s %8s %8s",
        "microseconds",
        "p50 off",
        "also off",
        "on",
        "p99 off",
        "also off",
        "on");
  }

  /** For people. */
  String row() {
    return String.format(
        Locale.ROOT,
        "%-28s %,8.0f %+,8.0f %+,8.0f %,10.0f %+,8.0f %+,8.0f",
        "broker " + state + ", " + kind,
        median(Side.OFF, 50),
        added(Side.ALSO_OFF, 50),
        added(Side.ON, 50),
        median(Side.OFF, 99),
        added(Side.ALSO_OFF, 99),
        added(Side.ON, 99));
  }
}
