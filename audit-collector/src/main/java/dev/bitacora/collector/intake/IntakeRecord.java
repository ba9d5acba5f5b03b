package dev.bitacora.collector.intake;

import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.AgentIdStatus;

/** A numbered, checked event from a known sender. */
public record IntakeRecord(WireRecord record, AuditEvent event, Sender sender) {

  /** Whether the event names the component that sent it. */
  public AgentIdStatus agentIdStatus() {
    return event.text("service.name").filter(sender.component()::equals).isPresent()
        ? AgentIdStatus.VERIFIED
        : AgentIdStatus.MISMATCH;
  }
}
