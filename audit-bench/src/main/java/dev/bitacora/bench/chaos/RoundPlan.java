package dev.bitacora.bench.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What one round does. All of it is decided before the run begins, from the seed.
 *
 * @param death how the component comes to its end
 * @param life how long it lives: after its first receipt, or after its start if it dies early
 * @param storm how long before its end all its threads record without a pause
 * @param heldClaims threads that dwell between claim and commit when it is killed
 * @param fault what happens to the broker
 * @param faultDelay how long after the round's beginning
 * @param seed of the component's own choices
 */
record RoundPlan(
    Death death,
    Duration life,
    Duration storm,
    int heldClaims,
    BrokerFault fault,
    Duration faultDelay,
    long seed) {

  /** How a component comes to its end, which is SIGKILL always. */
  enum Death {
    RECORDING("killed while recording"),
    EARLY("killed while starting or recovering"),
    STRAGGLING("killed after a claim was closed under a slow thread");

    private final String meaning;

    Death(String meaning) {
      this.meaning = meaning;
    }

    String meaning() {
      return meaning;
    }
  }

  /** Longer than a reader waits for a claim, so that it is closed while its thread is alive. */
  static final Duration STRAGGLE = Duration.ofSeconds(6);

  static List<RoundPlan> of(int rounds, long seed) {
    Random random = new Random(seed);
    BrokerFault.State broker = BrokerFault.State.UP;
    List<RoundPlan> plans = new ArrayList<>(rounds);
    for (int i = 0; i < rounds; i++) {
      BrokerFault fault = broker.next(random);
      broker = broker.after(fault);
      plans.add(next(random, fault));
    }
    return plans;
  }

  private static RoundPlan next(Random random, BrokerFault fault) {
    int percent = random.nextInt(100);
    Death death = percent < 80 ? Death.RECORDING : percent < 95 ? Death.EARLY : Death.STRAGGLING;
    Duration life =
        switch (death) {
          case RECORDING -> millis(random, 50, 2_500);
          case EARLY -> millis(random, 50, 1_200);
          case STRAGGLING -> STRAGGLE.plus(millis(random, 300, 1_000));
        };
    int heldClaims = random.nextInt(100) < 30 ? 1 + random.nextInt(3) : 0;
    return new RoundPlan(
        death,
        life,
        millis(random, 5, 150),
        heldClaims,
        fault,
        millis(random, 0, 2_000),
        random.nextLong());
  }

  private static Duration millis(Random random, int from, int to) {
    return Duration.ofMillis(from + random.nextInt(to - from));
  }
}
