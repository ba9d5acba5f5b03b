package dev.bitacora.store;

import java.util.Locale;

/** Whether the sender is who the event says: {@code event.agent_id_status}, with ECS's values. */
public enum AgentIdStatus {
  /** The token's component is the event's. */
  VERIFIED,
  /** The token names another component than the event. */
  MISMATCH,
  /** The way it came carries no sender's name. */
  AUTH_METADATA_MISSING;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
