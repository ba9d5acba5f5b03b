package dev.bitacora.store;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.InvalidEventException;
import dev.bitacora.core.event.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Events as a collector hands them to a store. */
public final class TestEvents {
  /** When the log appended them, unless said otherwise. */
  public static final Instant NOW = Instant.parse("2026-11-15T10:15:30.123Z");

  private TestEvents() {}

  /** The n-th stream: the same in every run, sorted by n. */
  public static StreamId stream(int n) {
    return new StreamId(new UUID(0x019a_0000_0000_7000L, 0x8000_0000_0000_0000L + n));
  }

  public static StreamPosition position(int stream, long sequence) {
    return new StreamPosition(stream(stream), sequence);
  }

  /** An event now, with nothing special. */
  public static NewEvent event(int stream, long sequence) {
    return event(stream, sequence, builder -> builder);
  }

  public static NewEvent event(
      int stream, long sequence, UnaryOperator<AuditEventBuilder> properties) {
    return event(position(stream, sequence), properties);
  }

  public static NewEvent event(
      StreamPosition position, UnaryOperator<AuditEventBuilder> properties) {
    return wrap(position, properties.apply(plain()).build());
  }

  public static NewEvent logLine(int stream, long sequence, Instant time, String message) {
    return wrap(
        position(stream, sequence),
        AuditEvent.builder(Dataset.LOG)
            .at(time)
            .message(message)
            .set("user.id", "system")
            .set("service.name", "api")
            .set("service.environment", "prd")
            .set("log.level", "INFO")
            .build());
  }

  /** A builder of a good event, now. */
  public static AuditEventBuilder plain() {
    return AuditEvent.builder("invoice.approve")
        .at(NOW)
        .message("Something happened")
        .outcome(Outcome.SUCCESS)
        .set("user.id", "alice")
        .set("service.name", "api")
        .set("service.environment", "prd");
  }

  /** An event of these very bytes. */
  public static NewEvent ofJson(StreamPosition position, String json) {
    try {
      return wrap(position, AuditEvent.parse(json.getBytes(StandardCharsets.UTF_8)));
    } catch (InvalidEventException e) {
      throw new IllegalArgumentException(e);
    }
  }

  public static NewEvent wrap(StreamPosition position, AuditEvent event) {
    return ingestedAt(NOW, position, event);
  }

  public static NewEvent ingestedAt(Instant ingested, StreamPosition position, AuditEvent event) {
    return new NewEvent(
        position,
        event,
        ingested,
        new LogPosition("bitacora.audit/0", position.sequence()),
        AgentIdStatus.VERIFIED);
  }
}
