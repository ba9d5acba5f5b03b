package dev.bitacora.examples.landscape;

import java.util.Map;

/** Where a component's agent sends. */
@FunctionalInterface
public interface Destinations {
  /**
   * The agent's settings as environment variables: {@code BITACORA_URL} and {@code BITACORA_TOKEN},
   * or {@code BITACORA_KAFKA_BOOTSTRAP_SERVERS}.
   */
  Map<String, String> of(String component, String environment);
}
