package dev.bitacora.collector.retention;

import dev.bitacora.collector.intake.IntakeUnavailableException;
import dev.bitacora.core.event.AuditEvent;

/** Where the collector's own audit events go: the intake. Safe for any thread. */
@FunctionalInterface
public interface OwnEvents {
  /**
   * Records an event and returns when it is durable; the same event under the same key is kept
   * once.
   *
   * @throws IntakeUnavailableException when it may not be durable: append it again
   */
  void append(AuditEvent event, String key) throws IntakeUnavailableException;
}
