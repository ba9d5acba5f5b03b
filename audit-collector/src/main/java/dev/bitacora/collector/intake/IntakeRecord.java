package dev.bitacora.collector.intake;

import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.EventFields;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.AgentIdStatus;

/**
 * A numbered, checked event from a known sender.
 *
 * @param replays how often it was tried again by hand, this time included
 */
public record IntakeRecord(WireRecord record, AuditEvent event, Sender sender, int replays) {

  /** An event that comes for the first time. */
  public IntakeRecord(WireRecord record, AuditEvent event, Sender sender) {
    this(record, event, sender, 0);
  }

  IntakeRecord replayed(int times) {
    return new IntakeRecord(record, event, sender, times);
  }

  /** Whether the event names the component that sent it. */
  public AgentIdStatus agentIdStatus() {
    return event.value(EventFields.SERVICE_NAME).filter(sender.component()::equals).isPresent()
        ? AgentIdStatus.VERIFIED
        : AgentIdStatus.MISMATCH;
  }
}
