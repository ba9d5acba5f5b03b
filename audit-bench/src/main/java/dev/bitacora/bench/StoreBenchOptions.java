package dev.bitacora.bench;

import java.util.List;

/** What the store benchmark can be told. */
record StoreBenchOptions(int rounds, int events, int writers, int batch) {
  static final String USAGE =
      """
      Usage: dev/bench store [--rounds N] [--events N] [--writers N] [--batch N]
        --rounds   undisturbed rounds after warming up      (6)
        --events   events per store and round              (40000)
        --writers  threads that write at the same time     (2)
        --batch    events per write                        (2000)
      """;

  private static final StoreBenchOptions DEFAULT = new StoreBenchOptions(6, 40_000, 2, 2000);

  /**
   * @throws IllegalArgumentException naming what is wrong
   */
  static StoreBenchOptions parse(List<String> arguments) {
    StoreBenchOptions options = DEFAULT;
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException(name + ": expected an option with a number");
      }
      options = options.with(name, number(name, arguments.get(i + 1)));
    }
    return options.checked();
  }

  int batchesPerWriter() {
    return events / writers / batch;
  }

  /** As many whole batches as fit into {@link #events}, the same number for each writer. */
  int eventsPerRound() {
    return batchesPerWriter() * writers * batch;
  }

  private StoreBenchOptions checked() {
    if (rounds < 1 || writers < 1 || batch < 1 || events < writers * batch) {
      throw new IllegalArgumentException(
          "expected at least one round, one writer and one batch per writer");
    }
    return this;
  }

  private StoreBenchOptions with(String name, int value) {
    return switch (name) {
      case "--rounds" -> new StoreBenchOptions(value, events, writers, batch);
      case "--events" -> new StoreBenchOptions(rounds, value, writers, batch);
      case "--writers" -> new StoreBenchOptions(rounds, events, value, batch);
      case "--batch" -> new StoreBenchOptions(rounds, events, writers, value);
      default -> throw new IllegalArgumentException(name + ": no such option");
    };
  }

  private static int number(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": expected a number, found " + text, e);
    }
  }
}
