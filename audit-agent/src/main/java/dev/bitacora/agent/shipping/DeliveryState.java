package dev.bitacora.agent.shipping;

import java.util.Optional;

/**
 * How a lane's delivery stands.
 *
 * @param shipped records handed to the destination, control records not counted; a record that is
 *     sent again counts once
 * @param acknowledged records the destination holds, control records not counted
 * @param failures failed attempts so far
 * @param lastError the most recent failure, empty when there was none
 */
public record DeliveryState(
    Phase phase, long shipped, long acknowledged, long failures, Optional<String> lastError) {
  /** What the shipper is doing. */
  public enum Phase {
    /** Delivering, or waiting for something to deliver. */
    DELIVERING,
    /** The last attempt failed; trying again. */
    RETRYING,
    /** Refused in a way that somebody has to repair; trying again rarely. */
    HELD,
    /** Closed. */
    STOPPED
  }
}
