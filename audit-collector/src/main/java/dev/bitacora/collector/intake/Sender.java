package dev.bitacora.collector.intake;

import java.util.Optional;

/**
 * Who sends, as proven by a token, or by being in this process.
 *
 * @param component becomes {@code service.name} where an event names none
 * @param environment becomes {@code service.environment} where an event names none
 */
public record Sender(String component, Optional<String> environment) {
  /** The collector itself. */
  public static final Sender COLLECTOR = new Sender("bitacora-collector", Optional.empty());

  public Sender {
    if (component.isBlank()) {
      throw new IllegalArgumentException("sender: a component is required");
    }
  }
}
