package dev.bitacora.collector.support;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Numbers records as an agent's audit lane does. Not thread-safe. */
public final class TestStream {
  private final StreamId id = StreamId.newAt(Instant.now());
  private ChainLink link = ChainLink.ZERO;
  private long sequence;

  public StreamId id() {
    return id;
  }

  /** The next record: an audit event of the component {@code billing}. */
  public WireRecord next() {
    return next(event("billing").detail("n", sequence).build());
  }

  /** The next record, with this event. */
  public WireRecord next(AuditEvent event) {
    RecordKind kind =
        switch (event.dataset()) {
          case AUDIT -> RecordKind.AUDIT;
          case LOG -> RecordKind.LOG;
          case CONTROL -> RecordKind.CONTROL;
        };
    return next(kind, event.bytes());
  }

  /** The next record, with any bytes. */
  public WireRecord next(RecordKind kind, byte[] bytes) {
    StreamPosition position = new StreamPosition(id, sequence++);
    WireRecord record = new WireRecord(kind, position, link, bytes);
    link = link.next(position, bytes);
    return record;
  }

  /** The next record, with any text for an event. */
  public WireRecord next(String text) {
    return next(RecordKind.AUDIT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The next records. */
  public List<WireRecord> next(int count) {
    List<WireRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(next());
    }
    return records;
  }

  /** An event of a component, complete but for what a test adds. */
  public static AuditEventBuilder event(String component) {
    return AuditEvent.builder("invoice.approve")
        .set("user.id", "ana")
        .set("service.name", component)
        .set("service.environment", "prd")
        .target("invoice", "4711");
  }

  /** A log line of the component {@code billing}. */
  public static AuditEvent logLine(String message) {
    return AuditEvent.builder(Dataset.LOG)
        .message(message)
        .set("user.id", "system")
        .set("service.name", "billing")
        .set("service.environment", "prd")
        .build();
  }
}
