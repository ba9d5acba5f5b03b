package dev.bitacora.bench.chaos.collector;

import dev.bitacora.bench.chaos.ChaosArguments;
import java.util.List;
import java.util.Optional;

/**
 * What the harness can be told.
 *
 * @param seed from which every decision follows
 */
record CollectorChaosOptions(int rounds, long seed, Optional<CollectorSabotage> sabotage) {
  static final String USAGE =
      """
      Usage: dev/chaos collector [--rounds N] [--seed S] [--sabotage commit-early|duplicate-one]
        --rounds    how often 10,000 events pass through faults, at most 200   (10)
        --seed      repeats the decisions of an earlier run                    (by chance)
        --sabotage  breaks something on purpose: the run must then find it     (none)
      """;

  /** Each round has a month of its own, and the store keeps that many. */
  static final int MOST_ROUNDS = 200;

  private static final int ROUNDS = 10;

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  static CollectorChaosOptions parse(List<String> arguments) {
    ChaosArguments<CollectorSabotage> read =
        ChaosArguments.parse(arguments, ROUNDS, MOST_ROUNDS, CollectorSabotage.class);
    return new CollectorChaosOptions(read.rounds(), read.seed(), read.sabotage());
  }
}
