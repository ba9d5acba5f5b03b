package dev.bitacora.agent.transport;

import java.time.Duration;
import java.util.Optional;

/** Records that were not acknowledged, and what to do about it. They stay where they are. */
public final class DeliveryFailure extends Exception {
  /** How the shipper reacts. */
  public enum Reaction {
    /** Passing trouble: try again soon, then less often. */
    RETRY,
    /** Somebody has to repair something: try again rarely, and report. */
    HOLD
  }

  private final Reaction reaction;
  private final transient Optional<Duration> retryAfter;

  private DeliveryFailure(
      Reaction reaction, String message, Throwable cause, Optional<Duration> retryAfter) {
    super(message, cause);
    this.reaction = reaction;
    this.retryAfter = retryAfter;
  }

  public static DeliveryFailure retry(String message, Throwable cause) {
    return new DeliveryFailure(Reaction.RETRY, message, cause, Optional.empty());
  }

  /**
   * Passing trouble, found without an exception.
   *
   * @param retryAfter when the destination itself said when
   */
  public static DeliveryFailure retry(String message, Optional<Duration> retryAfter) {
    return new DeliveryFailure(Reaction.RETRY, message, null, retryAfter);
  }

  public static DeliveryFailure hold(String message, Throwable cause) {
    return new DeliveryFailure(Reaction.HOLD, message, cause, Optional.empty());
  }

  public Reaction reaction() {
    return reaction;
  }

  public Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
