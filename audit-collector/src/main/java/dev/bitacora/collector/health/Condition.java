package dev.bitacora.collector.health;

/**
 * How one part stands.
 *
 * @param reason why it is down and what to do, in one sentence; when it is up, what it does
 */
public record Condition(boolean up, String reason) {
  public static Condition up(String reason) {
    return new Condition(true, reason);
  }

  public static Condition down(String reason) {
    return new Condition(false, reason);
  }
}
