package dev.bitacora.collector.intake;

/**
 * Not everything is durable now: the sender keeps it and sends all of it again, which does no harm.
 * The message says why.
 */
public final class IntakeUnavailableException extends Exception {
  public IntakeUnavailableException(String message) {
    super(message);
  }

  public IntakeUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
