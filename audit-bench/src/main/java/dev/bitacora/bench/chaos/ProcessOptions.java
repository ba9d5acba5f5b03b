package dev.bitacora.bench.chaos;

import java.util.List;

/**
 * How many processes there are to be.
 *
 * @param killed of those beside each other
 */
record ProcessOptions(int sequential, int parallel, int killed) {
  static final String USAGE =
      """
      Usage: dev/chaos processes [--sequential N] [--parallel N] [--killed N]
        --sequential  processes one after the other       (1000, some 20 minutes)
        --parallel    processes beside each other         (100)
        --killed      of those beside each other          (20)
      """;

  private static final int MOST = 10_000;

  ProcessOptions {
    if (killed > parallel) {
      throw new IllegalArgumentException("--killed: expected at most --parallel, found " + killed);
    }
  }

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  static ProcessOptions parse(List<String> arguments) {
    int sequential = 1000;
    int parallel = 100;
    int killed = 20;
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException(name + ": expected an option with a value");
      }
      int value = number(name, arguments.get(i + 1));
      switch (name) {
        case "--sequential" -> sequential = value;
        case "--parallel" -> parallel = value;
        case "--killed" -> killed = value;
        default -> throw new IllegalArgumentException(name + ": no such option");
      }
    }
    return new ProcessOptions(sequential, parallel, killed);
  }

  private static int number(String name, String text) {
    try {
      int value = Integer.parseInt(text);
      if (value >= 0 && value <= MOST) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        name + ": expected a number from 0 to " + MOST + ", found " + text);
  }
}
