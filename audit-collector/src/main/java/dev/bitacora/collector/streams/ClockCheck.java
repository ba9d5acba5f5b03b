package dev.bitacora.collector.streams;

import java.time.Duration;

/**
 * Whether an agent's clock is right, judged by its signs of life. A record from the future is proof
 * enough. One from the past may only have travelled long, so a clock is called slow after several
 * in a row came from an agent that had nothing else waiting. Not thread-safe.
 */
final class ClockCheck {
  /** Off by more than this, the order of events across components is not to be trusted. */
  static final Duration LIMIT = Duration.ofSeconds(30);

  private static final int PROOFS_OF_SLOWNESS = 3;
  private static final long PROMPT_MILLIS = 5_000;

  private int slowInARow;
  private long offMillis;

  /**
   * A sign of life came in.
   *
   * @param aheadMillis its time minus the log's
   * @param waitingMillis how long the agent's oldest record was waiting for delivery then
   */
  void heard(long aheadMillis, long waitingMillis) {
    long limit = LIMIT.toMillis();
    boolean isLate = aheadMillis < -limit;
    boolean isPrompt = waitingMillis < PROMPT_MILLIS;
    slowInARow = isLate && isPrompt ? slowInARow + 1 : 0;
    if (aheadMillis > limit || slowInARow >= PROOFS_OF_SLOWNESS) {
      offMillis = aheadMillis;
    } else if (!isLate) {
      offMillis = 0;
    }
  }

  boolean isOff() {
    return offMillis != 0;
  }

  /** Positive when it is ahead. */
  Duration off() {
    return Duration.ofMillis(offMillis);
  }
}
