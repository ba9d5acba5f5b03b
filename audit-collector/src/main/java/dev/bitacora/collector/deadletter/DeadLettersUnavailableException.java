package dev.bitacora.collector.deadletter;

/** Dead letters can not be written or read now; the message says where, why and what to do. */
public final class DeadLettersUnavailableException extends Exception {
  public DeadLettersUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
