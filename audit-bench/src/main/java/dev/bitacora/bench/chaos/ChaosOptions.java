package dev.bitacora.bench.chaos;

import java.util.List;
import java.util.Optional;

/**
 * What the harness can be told.
 *
 * @param seed from which every decision follows
 */
record ChaosOptions(int rounds, long seed, Optional<Sabotage> sabotage) {
  static final String USAGE =
      """
      Usage: dev/chaos agent [--rounds N] [--seed S] [--sabotage stop-at-hole|ack-before-durable]
        --rounds    how often the component is killed                       (20)
        --seed      repeats the decisions of an earlier run                 (by chance)
        --sabotage  breaks the agent on purpose: the run must then find it  (none)
      """;

  private static final int ROUNDS = 20;
  private static final int MOST_ROUNDS = 10_000;

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  static ChaosOptions parse(List<String> arguments) {
    ChaosArguments<Sabotage> read =
        ChaosArguments.parse(arguments, ROUNDS, MOST_ROUNDS, Sabotage.class);
    return new ChaosOptions(read.rounds(), read.seed(), read.sabotage());
  }
}
