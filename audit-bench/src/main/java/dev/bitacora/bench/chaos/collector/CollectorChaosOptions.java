package dev.bitacora.bench.chaos.collector;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

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
    long seed = RandomGenerator.getDefault().nextLong(1_000_000);
    CollectorChaosOptions options = new CollectorChaosOptions(ROUNDS, seed, Optional.empty());
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException(name + ": expected an option with a value");
      }
      options = options.with(name, arguments.get(i + 1));
    }
    return options;
  }

  private CollectorChaosOptions with(String name, String value) {
    return switch (name) {
      case "--rounds" -> new CollectorChaosOptions(rounds(value), seed, sabotage);
      case "--seed" -> new CollectorChaosOptions(rounds, number(name, value), sabotage);
      case "--sabotage" ->
          new CollectorChaosOptions(rounds, seed, Optional.of(CollectorSabotage.of(value)));
      default -> throw new IllegalArgumentException(name + ": no such option");
    };
  }

  private static int rounds(String text) {
    long rounds = number("--rounds", text);
    if (rounds < 1 || rounds > MOST_ROUNDS) {
      throw new IllegalArgumentException(
          "--rounds: expected 1 to " + MOST_ROUNDS + ", found " + text);
    }
    return (int) rounds;
  }

  private static long number(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": expected a number, found " + text, e);
    }
  }
}
