package dev.bitacora.agent.supervision;

import java.time.Duration;
import java.util.Optional;

/** What one of the agent's threads does, round after round. Called by that thread alone. */
public interface Duty {
  /**
   * One round. Whatever it throws, errors included, is reported, and after a pause there is another
   * round.
   *
   * @return how long to idle before the next round; empty when there is nothing to do ever again
   * @throws InterruptedException ends the thread
   */
  Optional<Duration> perform() throws Exception;

  /** Begins anew from what is known to be right; called before the round after one that failed. */
  default void startOver() {}
}
