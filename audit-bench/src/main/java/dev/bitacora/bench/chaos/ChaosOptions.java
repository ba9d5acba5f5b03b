package dev.bitacora.bench.chaos;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

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

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  static ChaosOptions parse(List<String> arguments) {
    long seed = RandomGenerator.getDefault().nextLong(1_000_000);
    ChaosOptions options = new ChaosOptions(ROUNDS, seed, Optional.empty());
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException(name + ": expected an option with a value");
      }
      options = options.with(name, arguments.get(i + 1));
    }
    return options;
  }

  private ChaosOptions with(String name, String value) {
    return switch (name) {
      case "--rounds" -> new ChaosOptions(rounds(value), seed, sabotage);
      case "--seed" -> new ChaosOptions(rounds, number(name, value), sabotage);
      case "--sabotage" -> new ChaosOptions(rounds, seed, Optional.of(Sabotage.of(value)));
      default -> throw new IllegalArgumentException(name + ": no such option");
    };
  }

  private static int rounds(String text) {
    long rounds = number("--rounds", text);
    if (rounds < 1 || rounds > 10_000) {
      throw new IllegalArgumentException("--rounds: expected 1 to 10000, found " + text);
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
