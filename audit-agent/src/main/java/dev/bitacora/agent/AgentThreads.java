package dev.bitacora.agent;

/** The agent's own threads, by their names: what they log never comes back into the agent. */
public final class AgentThreads {
  static final String PREFIX = "bitacora-";

  /** Kafka's producer names its thread after its client id, which begins with our prefix. */
  private static final String KAFKA_PREFIX = "kafka-producer-network-thread | " + PREFIX;

  private AgentThreads() {}

  /** True for a thread that works for an agent. */
  public static boolean isOne(String threadName) {
    return threadName.startsWith(PREFIX) || threadName.startsWith(KAFKA_PREFIX);
  }
}
