package dev.bitacora.bench.chaos.collector;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Numbers records as an agent does. One thread's. */
final class LoadStream {
  /** Which round made an event. */
  static final String ROUND = "chaos-round";

  /** Whether an event was sent twice. */
  static final String TWIN = "chaos-twin";

  private final StreamId id = StreamId.newAt(Instant.now());
  private final boolean isLog;
  private final String round;
  private ChainLink link = ChainLink.ZERO;
  private long sequence;

  LoadStream(int round, boolean isLog) {
    this.round = Integer.toString(round);
    this.isLog = isLog;
  }

  /** An event that happened then. */
  WireRecord next(Instant time, boolean twin) {
    return next(event(time, twin, "").bytes());
  }

  WireRecord next(String text) {
    return next(text.getBytes(StandardCharsets.UTF_8));
  }

  WireRecord next(byte[] bytes) {
    StreamPosition position = new StreamPosition(id, sequence++);
    RecordKind kind = isLog ? RecordKind.LOG : RecordKind.AUDIT;
    WireRecord record = new WireRecord(kind, position, link, bytes);
    link = isLog ? link : link.next(position, bytes);
    return record;
  }

  /** Another event under a number that is taken. */
  WireRecord forged(Instant time) {
    StreamPosition position = new StreamPosition(id, sequence - 1);
    RecordKind kind = isLog ? RecordKind.LOG : RecordKind.AUDIT;
    return new WireRecord(
        kind, position, ChainLink.ZERO, event(time, false, " and not as it was").bytes());
  }

  AuditEvent event(Instant time, boolean twin, String more) {
    return builder(time, twin, more).build();
  }

  /** An event whose details are one term that is too long for an index. */
  AuditEvent notIndexable(Instant time, Map<String, Object> details) {
    return builder(time, false, "").detail("d", details).build();
  }

  private AuditEventBuilder builder(Instant time, boolean twin, String more) {
    AuditEventBuilder builder =
        isLog ? AuditEvent.builder(Dataset.LOG) : AuditEvent.builder("invoice.approve");
    return builder
        .at(time)
        .message("number " + sequence + more)
        .set("user.id", "user" + sequence % 100)
        .set("service.name", "chaos")
        .set("service.environment", "test")
        .label(ROUND, round)
        .label(TWIN, Boolean.toString(twin));
  }

  boolean isEmpty() {
    return sequence == 0;
  }

  static ProducerRecord<byte[], byte[]> producerRecord(WireRecord record) {
    String topic = record.kind() == RecordKind.LOG ? ChaosBroker.LOG : ChaosBroker.AUDIT;
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(topic, KafkaHeaders.key(record), record.value());
    KafkaHeaders.of(record).forEach(header -> made.headers().add(header.name(), header.value()));
    return made;
  }
}
