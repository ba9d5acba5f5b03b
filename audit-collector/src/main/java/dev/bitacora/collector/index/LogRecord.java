package dev.bitacora.collector.index;

import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.EventFields;
import dev.bitacora.core.wire.KafkaHeaders.Header;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.NewEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A record as the log has it, not read yet.
 *
 * @param raw with its place in the log
 * @param appended when the log took it; becomes {@code event.ingested}
 */
public record LogRecord(RawRecord raw, Instant appended, Receipt receipt) {
  /**
   * The header in which a collector's intake names the component whose token it saw, UTF-8. Whoever
   * may write to the topic can write it, so it never proves anything; it can only tell that an
   * event names somebody else.
   */
  public static final String COMPONENT_HEADER = "bt-component";

  /** The event in it, or a poisoned record. */
  public PendingRecord read() {
    try {
      WireRecord wire = EventReader.wireRecord(raw);
      AuditEvent event = EventReader.event(wire);
      return PendingRecord.of(
          raw,
          new NewEvent(
              wire.position(), event, appended, raw.origin().orElseThrow(), agentIdStatus(event)),
          receipt);
    } catch (PoisonException e) {
      return PendingRecord.poisoned(raw, appended, e.poison(), receipt);
    }
  }

  private AgentIdStatus agentIdStatus(AuditEvent event) {
    if (!raw.sender().isEmpty()) { // a dead letter of the embedded intake, which saw the token
      return isFrom(raw.sender(), event) ? AgentIdStatus.VERIFIED : AgentIdStatus.MISMATCH;
    }
    for (Header header : raw.headers()) {
      if (header.name().equals(COMPONENT_HEADER) && header.value() != null) {
        String component = new String(header.value(), StandardCharsets.UTF_8);
        if (!isFrom(component, event)) {
          return AgentIdStatus.MISMATCH;
        }
      }
    }
    return AgentIdStatus.AUTH_METADATA_MISSING;
  }

  private static boolean isFrom(String component, AuditEvent event) {
    return event.value(EventFields.SERVICE_NAME).filter(component::equals).isPresent();
  }
}
