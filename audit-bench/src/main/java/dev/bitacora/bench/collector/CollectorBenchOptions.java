package dev.bitacora.bench.collector;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the collector's benchmark can be told.
 *
 * @param events measured per round
 */
record CollectorBenchOptions(int events, Set<Part> parts) {
  static final int FEWEST = 20_000;

  static final String USAGE =
      """
      Usage: dev/bench collector [--events N] [--only elasticsearch|embedded]
        --events  measured per round, at least 20000   (500000); others come before them
        --only    one part, and the figures of this part
      """;

  /** What is measured, in this order. */
  enum Part {
    ELASTICSEARCH,
    EMBEDDED;

    /** As people write it. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  CollectorBenchOptions {
    parts = Set.copyOf(parts);
  }

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  static CollectorBenchOptions parse(List<String> arguments) {
    int events = 500_000;
    Set<Part> parts = EnumSet.allOf(Part.class);
    for (int i = 0; i < arguments.size(); i += 2) {
      String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "nothing";
      switch (arguments.get(i)) {
        case "--events" -> events = events(value);
        case "--only" -> parts = EnumSet.of(part(value));
        default -> throw new IllegalArgumentException(arguments.get(i) + ": no such option");
      }
    }
    return new CollectorBenchOptions(events, parts);
  }

  private static int events(String text) {
    if (!text.matches("\\d{1,8}") || Integer.parseInt(text) < FEWEST) {
      throw new IllegalArgumentException(
          "--events: expected a number of at least " + FEWEST + ", found " + text);
    }
    return Integer.parseInt(text);
  }

  private static Part part(String text) {
    for (Part part : Part.values()) {
      if (part.text().equals(text)) {
        return part;
      }
    }
    throw new IllegalArgumentException("--only: expected elasticsearch or embedded, found " + text);
  }
}
