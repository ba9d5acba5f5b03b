package dev.bitacora.collector.streams;

import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.index.PendingRecord;
import dev.bitacora.collector.index.Receipt;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.Actions;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventClass;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.NewEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A stream as an agent writes it, record by record. */
final class AgentStream {
  private static long offset;

  private final StreamId id;
  private final String log;
  private final String component;

  /** Of the component {@code billing}. */
  AgentStream(String log, Instant began) {
    this(log, began, "billing");
  }

  AgentStream(String log, Instant began, String component) {
    this.id = StreamId.newAt(began);
    this.log = log;
    this.component = component;
  }

  StreamId id() {
    return id;
  }

  NewEvent event(long sequence, Instant at) {
    return stored(
        sequence,
        at,
        AuditEvent.builder("invoice.approve")
            .at(at)
            .set("user.id", "ana")
            .set("service.name", component)
            .set("service.environment", "prd")
            .detail("n", sequence)
            .build());
  }

  NewEvent start(Instant at) {
    return control(0, at, Actions.AGENT_START, Map.of());
  }

  NewEvent heartbeat(long sequence, Instant at) {
    return heartbeat(sequence, at, at);
  }

  /** A heartbeat of a clock that is not the log's. */
  NewEvent heartbeat(long sequence, Instant at, Instant ownTime) {
    return control(
        sequence, at, ownTime, Actions.AGENT_HEARTBEAT, Map.of("oldest_unacknowledged_ms", 3L));
  }

  NewEvent dropped(long first, long last, Instant at) {
    return control(last, at, Actions.AGENT_DROPPED, Map.of("first", first, "last", last));
  }

  NewEvent lost(long first, long last, Instant at) {
    return control(last, at, Actions.AGENT_LOST, Map.of("first", first, "last", last));
  }

  NewEvent stop(long sequence, Instant at) {
    return control(sequence, at, Actions.AGENT_STOP, Map.of());
  }

  NewEvent ready(long sequence, Instant at) {
    return control(sequence, at, Actions.AGENT_READY, Map.of());
  }

  /** As {@link #ready(long, Instant)}, and says how the stream before this one ended. */
  NewEvent ready(long sequence, Instant at, AgentStream before, long last, String ended) {
    Map<String, Object> facts =
        Map.of("stream", before.id.toString(), "last_sequence", last, "ended", ended);
    return control(sequence, at, Actions.AGENT_READY, Map.of("predecessors", List.of(facts)));
  }

  private NewEvent control(long sequence, Instant at, String action, Map<String, Object> details) {
    return control(sequence, at, at, action, details);
  }

  private NewEvent control(
      long sequence, Instant at, Instant ownTime, String action, Map<String, Object> details) {
    AuditEventBuilder event =
        AuditEvent.builder(Dataset.CONTROL)
            .at(ownTime)
            .action(action)
            .message("agent of " + component)
            .eventClass(EventClass.MANDATORY)
            .set("user.id", "system")
            .set("service.name", component)
            .set("service.environment", "prd")
            .set("host.name", "host-7")
            .detail("lane", "audit");
    details.forEach(event::detail);
    return stored(sequence, at, event.build());
  }

  private NewEvent stored(long sequence, Instant at, AuditEvent event) {
    return new NewEvent(
        new StreamPosition(id, sequence),
        event,
        at,
        new LogPosition(log, offset++),
        AgentIdStatus.AUTH_METADATA_MISSING);
  }

  /** What a record's headers and bytes are when its bytes are no event. */
  RawRecord noEvent(long sequence) {
    return RawRecord.of(
        new WireRecord(
            RecordKind.AUDIT, new StreamPosition(id, sequence), ChainLink.ZERO, new byte[] {'?'}),
        Optional.of(new LogPosition(log, offset++)),
        "");
  }

  /** The event on its way through the collector. */
  static PendingRecord pending(NewEvent event) {
    WireRecord wire =
        new WireRecord(RecordKind.AUDIT, event.position(), ChainLink.ZERO, event.event().bytes());
    return PendingRecord.of(
        RawRecord.of(wire, Optional.of(event.log()), ""), event, new NobodyWaits());
  }

  /** Nobody waits for a record. */
  static final class NobodyWaits implements Receipt {
    @Override
    public void settled(PendingRecord record, Settlement how) {}

    @Override
    public boolean isWanted() {
      return true;
    }
  }
}
