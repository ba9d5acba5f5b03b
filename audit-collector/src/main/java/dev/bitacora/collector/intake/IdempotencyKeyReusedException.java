package dev.bitacora.collector.intake;

/** A sender used the same {@code Idempotency-Key} for two different bodies. */
public final class IdempotencyKeyReusedException extends Exception {
  public IdempotencyKeyReusedException() {
    super("Idempotency-Key: it was used before with another body; use a new key for new events");
  }
}
