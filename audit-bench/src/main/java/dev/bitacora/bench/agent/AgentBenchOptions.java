package dev.bitacora.bench.agent;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the agent's benchmark can be told. */
record AgentBenchOptions(boolean isQuick, Set<Part> parts) {
  static final String USAGE =
      """
      Usage: dev/bench agent [--quick] [--only calls|shipping|memory]
        --quick  fewer and shorter rounds, a tenth of the events: for developing, not for quoting
        --only   one part, and the figures of this part
      """;

  /** What is measured, in this order. */
  enum Part {
    CALLS,
    SHIPPING,
    MEMORY;

    /** As people write it. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  AgentBenchOptions {
    parts = Set.copyOf(parts);
  }

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  static AgentBenchOptions parse(List<String> arguments) {
    boolean isQuick = false;
    Set<Part> parts = EnumSet.allOf(Part.class);
    for (int i = 0; i < arguments.size(); i++) {
      String name = arguments.get(i);
      switch (name) {
        case "--quick" -> isQuick = true;
        case "--only" -> {
          i++;
          parts = EnumSet.of(part(i < arguments.size() ? arguments.get(i) : "nothing"));
        }
        default -> throw new IllegalArgumentException(name + ": no such option");
      }
    }
    return new AgentBenchOptions(isQuick, parts);
  }

  private static Part part(String text) {
    for (Part part : Part.values()) {
      if (part.text().equals(text)) {
        return part;
      }
    }
    throw new IllegalArgumentException("--only: expected calls, shipping or memory, found " + text);
  }
}
