package dev.bitacora.bench.collector;

import dev.bitacora.bench.ChildJvm;
import dev.bitacora.bench.OtherPrograms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Two ways to index the same events, in alternated rounds. One thread's. */
final class Rates {
  /** Each way's: a store that merges has good rounds and bad ones. */
  static final int ROUNDS = 5;

  private final List<Run> ours = new ArrayList<>();
  private final List<Run> peers = new ArrayList<>();

  /**
   * One round of one way.
   *
   * @param events that were measured
   * @param processorSeconds of the process that was measured
   * @param others processors that other programs took meanwhile
   */
  record Run(long events, double seconds, double processorSeconds, double others) {
    double perSecond() {
      return events / seconds;
    }

    double processorMicros() {
      return processorSeconds * 1e6 / events;
    }
  }

  /** Each way goes first in turn. */
  void measure(String our, Supplier<Run> ourRound, String peer, Supplier<Run> peerRound) {
    print("%-10s %18s %18s %8s %18s", "events/s", our, peer, "ratio", "other programs");
    for (int round = 0; round < ROUNDS; round++) {
      boolean isOursFirst = round % 2 == 0;
      Run first = (isOursFirst ? ourRound : peerRound).get();
      Run second = (isOursFirst ? peerRound : ourRound).get();
      ours.add(isOursFirst ? first : second);
      peers.add(isOursFirst ? second : first);
      print(
          "%-10d %,18.0f %,18.0f %8.2f %7.1f processors",
          round + 1,
          ours.get(round).perSecond(),
          peers.get(round).perSecond(),
          ratio(round),
          Math.max(first.others(), second.others()));
    }
    print(
        "%-10s %,18.0f %,18.0f %8.2f",
        "median", perSecond(), median(peers, Run::perSecond), ratio());
    print(
        "own processor time, microseconds an event: %.1f and %.1f",
        processorMicros(), median(peers, Run::processorMicros));
    print("");
  }

  /** Ours, the median. */
  double perSecond() {
    return median(ours, Run::perSecond);
  }

  /** Ours, an event, the median. */
  double processorMicros() {
    return median(ours, Run::processorMicros);
  }

  /**
   * Of the two that followed each other, the median: a machine is not equally fast all the time.
   */
  double ratio() {
    return median(IntStream.range(0, ROUNDS).mapToDouble(this::ratio));
  }

  private double ratio(int round) {
    return ours.get(round).perSecond() / peers.get(round).perSecond();
  }

  private static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
    return median(runs.stream().mapToDouble(figure));
  }

  private static double median(DoubleStream figures) {
    return figures.sorted().toArray()[ROUNDS / 2];
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  /**
   * Waits for the line that a program ends with: {@code done <events> <seconds> <processor
   * seconds>}.
   */
  static Run result(ChildJvm program, OtherPrograms others, Duration limit) {
    others.watch();
    String[] words = program.awaitLine("done ", limit).split(" ", -1);
    return new Run(
        Long.parseLong(words[1]),
        Double.parseDouble(words[2]),
        Double.parseDouble(words[3]),
        others.processors());
  }

  /** Prints that line. */
  static void printResult(long events, double seconds, double processorSeconds) {
    print("done %d %.4f %.4f", events, seconds, processorSeconds);
  }
}
