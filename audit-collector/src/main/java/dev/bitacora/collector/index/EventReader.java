package dev.bitacora.collector.index;

import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.InvalidEventException;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.core.wire.MalformedRecordException;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;

/** Reads what came over the wire, or says why it is no event. */
public final class EventReader {
  /** Bytes an event may have; agents shorten theirs to 64 KiB. */
  public static final int MAX_EVENT_BYTES = (1 << 20) + (64 << 10);

  private EventReader() {}

  /** The numbered record in a raw one's headers and value. */
  public static WireRecord wireRecord(RawRecord raw) throws PoisonException {
    try {
      return KafkaHeaders.read(raw.headers(), raw.value().orElse(null));
    } catch (MalformedRecordException e) {
      DeadLetterReason reason =
          e.getMessage().startsWith(KafkaHeaders.VERSION + ": this reader")
              ? DeadLetterReason.UNKNOWN_VERSION
              : DeadLetterReason.MALFORMED_RECORD;
      throw new PoisonException(reason, e.getMessage());
    }
  }

  /** The event of a numbered record. */
  public static AuditEvent event(WireRecord record) throws PoisonException {
    AuditEvent event = event(record.value());
    RecordKind expected =
        switch (event.dataset()) {
          case AUDIT -> RecordKind.AUDIT;
          case LOG -> RecordKind.LOG;
          case CONTROL -> RecordKind.CONTROL;
        };
    if (record.kind() != expected) {
      throw new PoisonException(
          DeadLetterReason.INVALID_EVENT,
          "the record's kind is "
              + record.kind()
              + ", its event.dataset "
              + event.dataset().text());
    }
    return event;
  }

  /** The event in these bytes. */
  public static AuditEvent event(byte[] bytes) throws PoisonException {
    if (bytes.length > MAX_EVENT_BYTES) {
      throw new PoisonException(
          DeadLetterReason.TOO_LARGE,
          "an event may have " + MAX_EVENT_BYTES + " bytes, this one has " + bytes.length);
    }
    try {
      return AuditEvent.parse(bytes);
    } catch (InvalidEventException e) {
      throw new PoisonException(reason(bytes, e), e.getMessage());
    }
  }

  private static DeadLetterReason reason(byte[] bytes, InvalidEventException e) {
    try {
      JsonTree.readObject(bytes);
    } catch (MalformedJsonException malformed) {
      return DeadLetterReason.MALFORMED_JSON;
    }
    return e.getMessage().contains("audit.schema.version: this reader")
        ? DeadLetterReason.UNKNOWN_VERSION
        : DeadLetterReason.INVALID_EVENT;
  }
}
