package dev.bitacora.collector.intake;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.Actions;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventClass;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Numbers the events of senders that have no agent, and chains those of the audit lane. Its first
 * record, {@code agent.start}, says that it is the intake's. Not thread-safe.
 */
final class OwnStream {
  private final StreamId stream;
  private final Lane lane;
  private ChainLink link = ChainLink.ZERO;
  private long sequence;

  OwnStream(StreamId stream, Lane lane) {
    this.stream = stream;
    this.lane = lane;
  }

  boolean isNew() {
    return sequence == 0;
  }

  /** The record that opens the stream. */
  IntakeRecord start(Instant now, Sender sender, Map<String, String> details) {
    return control(Actions.AGENT_START, "intake stream started", now, sender, details);
  }

  /** The record that ends the stream. */
  IntakeRecord stop(Instant now, Sender sender) {
    return control(Actions.AGENT_STOP, "intake stream stopped", now, sender, Map.of());
  }

  /** The next event. */
  IntakeRecord number(AuditEvent event, Sender sender) {
    RecordKind kind =
        switch (event.dataset()) {
          case AUDIT -> RecordKind.AUDIT;
          case LOG -> RecordKind.LOG;
          case CONTROL -> RecordKind.CONTROL;
        };
    byte[] bytes = event.bytes();
    StreamPosition position = new StreamPosition(stream, sequence++);
    WireRecord record = new WireRecord(kind, position, link, bytes);
    if (lane == Lane.AUDIT) {
      link = link.next(position, bytes);
    }
    return new IntakeRecord(record, event, sender);
  }

  /** The next events, all of them. */
  List<IntakeRecord> number(List<AuditEvent> events, Sender sender) {
    List<IntakeRecord> records = new ArrayList<>(events.size());
    for (AuditEvent event : events) {
      records.add(number(event, sender));
    }
    return records;
  }

  private IntakeRecord control(
      String action, String message, Instant now, Sender sender, Map<String, String> details) {
    var builder =
        AuditEvent.builder(Dataset.CONTROL)
            .at(now)
            .action(action)
            .message(message + ", " + lane.text() + " lane")
            .eventClass(EventClass.MANDATORY)
            .set("user.id", "system")
            .set("service.name", sender.component())
            .set("service.environment", sender.environment().orElse("unknown"))
            .detail("lane", lane.text())
            .detail("origin", "intake")
            .detail("stream", stream.toString());
    details.forEach(builder::detail);
    return number(builder.build(), sender);
  }
}
