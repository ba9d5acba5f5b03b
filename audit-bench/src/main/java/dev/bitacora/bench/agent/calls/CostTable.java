package dev.bitacora.bench.agent.calls;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** All rounds, and how people read them. One thread's. */
final class CostTable {
  private final Map<Setting, Map<Way, Rounds>> rounds = new HashMap<>();

  /** Those of one way at one setting, to be added to. */
  Rounds rounds(Setting setting, Way way) {
    return rounds
        .computeIfAbsent(setting, unused -> new HashMap<>())
        .computeIfAbsent(way, unused -> new Rounds());
  }

  /** What a reader has to know before the tables. */
  void printConditions() {
    print(
        "Each row is the median of short rounds, taken in turn and begun when all is at rest, in a"
            + " JVM of its own, whose heap was collected once after it was warm.");
    print(
        "One thread calls on the first processor, which is its alone; its paced calls follow %.1f s"
            + " of the same. The broker has the lowest priority: it stands for another machine's.",
        CallCosts.LEAD_IN.toMillis() / 1e3);
    print(
        "Paced: each at a random moment of its interval, and from the moment it was due, so that"
            + " waiting for a slow call counts.");
    print(
        "From the moment it began: without what kept its thread from beginning, be it the call"
            + " before or the machine.");
    for (int threads : CallCosts.THREADS) {
      if (!Crew.isSpinning(threads)) {
        print(
            "From %d threads on, with %d processors, threads sleep between paced calls; what was due"
                + " while one slept counts from when it awoke.",
            threads, Processors.count());
        break;
      }
    }
    print(
        "A \">\" stands before times of calls that were interrupted because they did not return.");
  }

  /** Everybody ships about the same. */
  void printBytes(SampleLine line) {
    print(
        "A log line has %d bytes from our appender and %d from the peers' encoder.",
        line.ours().length, line.peers().length);
  }

  void print(BrokerState state) {
    print("");
    print(
        "Broker %s, %,d calls a second in all: p50 / p99 / p99.9, microseconds",
        state.text(), Setting.PER_SECOND);
    print(state, true, CostTable::latencies);
    print("");
    print("Broker %s, the same calls from the moment each began", state.text());
    print(state, true, CostTable::durations);
    print("");
    print(
        "Broker %s, flat out: calls a second, and the share of them that is not kept",
        state.text());
    print(state, false, CostTable::rate);
    printDoubts(state);
  }

  private void printDoubts(BrokerState state) {
    List<Rounds> all =
        rounds.entrySet().stream()
            .filter(entry -> entry.getKey().broker() == state)
            .flatMap(entry -> entry.getValue().values().stream())
            .toList();
    int disturbed = all.stream().mapToInt(Rounds::disturbed).sum();
    long doubtful = all.stream().filter(Rounds::isDoubtful).count();
    if (disturbed > 0) {
      print(
          "Other programs or this machine's host disturbed %d rounds; %d of %d cells have too few"
              + " others, so that these count, too%s",
          disturbed, doubtful, all.size(), doubtful == 0 ? "." : ": they may be far off.");
    }
    print("");
  }

  private void print(BrokerState state, boolean isPaced, Function<Rounds, String> cell) {
    StringBuilder header = new StringBuilder("%-30s".formatted(""));
    for (int threads : CallCosts.THREADS) {
      header.append("%27s".formatted(threads + (threads == 1 ? " thread" : " threads")));
    }
    print("%s", header);
    for (Way way : Way.values()) {
      StringBuilder row = new StringBuilder("%-30s".formatted(way.text()));
      for (int threads : CallCosts.THREADS) {
        row.append("%27s".formatted(cell.apply(rounds(new Setting(state, threads, isPaced), way))));
      }
      print("%s", row);
    }
  }

  static String latencies(Rounds rounds) {
    return times(rounds, rounds::percentile);
  }

  static String durations(Rounds rounds) {
    return times(rounds, rounds::durationPercentile);
  }

  private static String times(Rounds rounds, DoubleUnaryOperator percentile) {
    double p50 = percentile.applyAsDouble(50);
    double p99 = percentile.applyAsDouble(99);
    double p999 = percentile.applyAsDouble(99.9);
    return rounds.isBlocked()
        ? format(">%,.0f / >%,.0f / >%,.0f ms", p50 / 1000, p99 / 1000, p999 / 1000)
        : micros(p50) + " / " + micros(p99) + " / " + micros(p999);
  }

  /** With about three digits. */
  private static String micros(double micros) {
    return format(micros >= 100 ? "%,.0f" : micros >= 10 ? "%.1f" : "%.2f", micros);
  }

  static String rate(Rounds rounds) {
    String rate = format("%,.0f", rounds.perSecond());
    if (rounds.isBlocked()) {
      return "blocked";
    }
    double percent = 100 * rounds.lostShare();
    return percent == 0 ? rate : rate + format(percent < 1 ? ", <1 %%" : ", %.0f %%", percent);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static void print(String format, Object... values) {
    System.out.println(format(format, values));
  }
}
