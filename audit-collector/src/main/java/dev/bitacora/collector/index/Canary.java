package dev.bitacora.collector.index;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventClass;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.NewEvent;
import java.time.Instant;

/**
 * A document of ours that is known to be good, written where a suspect one was refused: if it is
 * refused too, the place is ill and not the document.
 *
 * <p>Harmless: it is a stream of its own with one record, so it leaves no gap, says what it is, is
 * a control record (in the logs' indices a log line), has the suspect's time, so that it goes to
 * the same index and expires with it, and stands in the log {@code collector.canary/0}, which no
 * component writes.
 */
final class Canary {
  static final String ACTION = "collector.canary";
  static final LogPosition LOG = new LogPosition("collector.canary/0", 0);

  private Canary() {}

  /** A new canary for the suspect's index. */
  static NewEvent beside(NewEvent suspect) {
    Dataset dataset = suspect.event().dataset() == Dataset.LOG ? Dataset.LOG : Dataset.CONTROL;
    AuditEvent event =
        AuditEvent.builder(dataset)
            .at(suspect.event().timestamp())
            .action(ACTION)
            .message("The collector checks that this index accepts documents.")
            .eventClass(EventClass.DEBUG)
            .set("user.id", "system")
            .set("service.name", "bitacora-collector")
            .set("service.environment", "bitacora")
            .build();
    return new NewEvent(
        new StreamPosition(StreamId.newAt(Instant.now()), 0),
        event,
        suspect.ingested(),
        LOG,
        AgentIdStatus.VERIFIED);
  }
}
