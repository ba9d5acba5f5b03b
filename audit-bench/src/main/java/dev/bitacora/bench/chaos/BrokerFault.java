package dev.bitacora.bench.chaos;

import java.util.random.RandomGenerator;

/** What happens to the broker in a round. */
enum BrokerFault {
  NONE("left alone"),
  KILL("killed"),
  PAUSE("paused"),
  RESUME("resumed"),
  START("started again"),
  BOUNCE("killed and started again");

  private final String meaning;

  BrokerFault(String meaning) {
    this.meaning = meaning;
  }

  String meaning() {
    return meaning;
  }

  /** How the broker stands between faults. */
  enum State {
    UP,
    DOWN,
    PAUSED;

    /** A fault that can happen to a broker in this state. */
    BrokerFault next(RandomGenerator random) {
      int percent = random.nextInt(100);
      return switch (this) {
        case UP -> percent < 50 ? NONE : percent < 67 ? KILL : percent < 87 ? PAUSE : BOUNCE;
        case DOWN -> percent < 40 ? NONE : START;
        case PAUSED -> percent < 40 ? NONE : percent < 85 ? RESUME : KILL;
      };
    }

    State after(BrokerFault fault) {
      return switch (fault) {
        case NONE -> this;
        case KILL -> DOWN;
        case PAUSE -> PAUSED;
        case RESUME, START, BOUNCE -> UP;
      };
    }
  }
}
