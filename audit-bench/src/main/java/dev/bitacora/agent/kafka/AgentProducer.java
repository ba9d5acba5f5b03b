package dev.bitacora.agent.kafka;

import java.util.Map;

/** The agent's producer from the inside: others are compared with the same settings. */
public final class AgentProducer {
  private AgentProducer() {}

  /** The settings that an agent's producer has when the user sets none. */
  public static Map<String, Object> settings(String clientId) {
    return ProducerSettings.of(Map.of(), clientId);
  }
}
