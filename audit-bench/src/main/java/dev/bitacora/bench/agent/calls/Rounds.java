package dev.bitacora.bench.agent.calls;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The rounds of one way to record at one setting, and their medians. Rounds that other programs or
 * the host disturbed count only for want of others. One thread's.
 */
final class Rounds {
  /** Processors of other programs that disturb a round. */
  private static final double DISTURBANCE = 0.3;

  /**
   * Processors that the host keeps for others and that disturb a round: less than the least that is
   * counted, a hundredth of a second, is of a round of a second.
   */
  private static final double THEFT = 0.005;

  private static final int ENOUGH_ROUNDS = 3;

  private final List<Round> rounds = new ArrayList<>();

  /**
   * One round.
   *
   * @param lost calls of which nothing is kept
   * @param others processors that other programs took
   * @param stolen processors that the machine's host kept from it
   */
  record Round(Crew.Run run, long lost, double others, double stolen) {
    boolean isUndisturbed() {
      return others < DISTURBANCE && stolen < THEFT;
    }
  }

  void add(Round round) {
    rounds.add(round);
  }

  int disturbed() {
    return rounds.size() - undisturbed();
  }

  /** Whether figures rest on disturbed rounds, too. */
  boolean isDoubtful() {
    return undisturbed() < Math.min(ENOUGH_ROUNDS, rounds.size());
  }

  int undisturbed() {
    return (int) rounds.stream().filter(Round::isUndisturbed).count();
  }

  /** From the moment a call was due, in microseconds. */
  double percentile(double percentile) {
    return median(
        round -> round.run().times().latencies().getValueAtPercentile(percentile) / 1000.0);
  }

  /** From the moment a call began. */
  double durationPercentile(double percentile) {
    return median(
        round -> round.run().times().durations().getValueAtPercentile(percentile) / 1000.0);
  }

  double perSecond() {
    return median(round -> round.run().perSecond());
  }

  /** From 0 to 1. */
  double lostShare() {
    return median(round -> (double) round.lost() / Math.max(1, round.run().calls()));
  }

  /** True when calls did not return in the time, so that latencies are too low. */
  boolean isBlocked() {
    return median(round -> round.run().isBlocked() ? 1 : 0) > 0;
  }

  private double median(ToDoubleFunction<Round> figure) {
    double[] sorted = counted().stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private List<Round> counted() {
    return isDoubtful() ? rounds : rounds.stream().filter(Round::isUndisturbed).toList();
  }
}
