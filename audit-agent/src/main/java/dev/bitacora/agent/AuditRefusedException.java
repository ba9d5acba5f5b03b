package dev.bitacora.agent;

/**
 * An event was not accepted, and the component has chosen {@link SpoolFull#FAIL}: what cannot be
 * recorded must not be done.
 */
public final class AuditRefusedException extends RuntimeException {
  AuditRefusedException(String reason) {
    super("audit event refused: " + reason);
  }
}
