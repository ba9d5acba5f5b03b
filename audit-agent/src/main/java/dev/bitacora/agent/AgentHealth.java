package dev.bitacora.agent;

import dev.bitacora.agent.spool.Durability;
import java.time.Duration;
import java.util.Optional;

/**
 * How the agent stands, both lanes together. The counters count events and log lines since {@link
 * AuditLog#open}, not the agent's own control records.
 *
 * @param shipped handed to the destination
 * @param acknowledged known to be held by the destination
 * @param refused audit events that were not accepted
 * @param shed log lines that were not accepted
 * @param queueBytes waiting to be acknowledged
 * @param oldestUnacknowledged how long the oldest record has been waiting
 * @param durability what an accepted event survives
 * @param threadRestarts how often a thread of the agent failed and had to begin anew
 * @param lastError what is wrong, or was last
 */
public record AgentHealth(
    State state,
    long accepted,
    long shipped,
    long acknowledged,
    long refused,
    long shed,
    long queueBytes,
    Duration oldestUnacknowledged,
    Durability durability,
    long threadRestarts,
    Optional<String> lastError) {
  /** From good to bad. */
  public enum State {
    /** Delivering. */
    UP,
    /** Accepting; delivery fails and is tried again. */
    DEGRADED,
    /** Accepting; the destination refuses in a way that somebody has to repair. */
    HELD,
    /** Closed. */
    STOPPED,
    /** Switched off by configuration. */
    DISABLED
  }
}
