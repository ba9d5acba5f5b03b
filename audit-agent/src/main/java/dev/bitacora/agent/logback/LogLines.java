package dev.bitacora.agent.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.EventDraft;
import dev.bitacora.agent.context.AuditContext;
import dev.bitacora.core.event.EventSchema;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/** Turns Logback's events into drafts. Immutable. */
final class LogLines {
  /** What people write for short at a marked line, beside the query language's own short names. */
  private static final Map<String, String> SHORT_NAMES =
      Map.of(
          "actor.name", "user.name",
          "target.type", "audit.target.type",
          "target.id", "audit.target.id",
          "target.name", "audit.target.name",
          "reason", "event.reason");

  private final AuditLog audit;
  private final StructuredFields structured;

  LogLines(AuditLog audit, StructuredFields structured) {
    this.audit = audit;
    this.structured = structured;
  }

  EventDraft draft(ILoggingEvent event) {
    EventDraft draft = AuditMarker.isOn(event) ? auditEvent(event) : line(event);
    draft.at(event.getInstant());
    draft.field("process.thread.name", event.getThreadName());
    error(event, draft);
    context(event, draft);
    structured.of(event).forEach(draft::field);
    return draft;
  }

  private EventDraft line(ILoggingEvent event) {
    EventDraft draft =
        audit.logLine(
            event.getLevel().toString(), event.getLoggerName(), event.getFormattedMessage());
    keyValues(event).forEach(pair -> draft.field(pair.key, pair.value));
    return draft;
  }

  private EventDraft auditEvent(ILoggingEvent event) {
    EventDraft draft = audit.event("").message(event.getFormattedMessage());
    draft.field("log.level", event.getLevel().toString());
    draft.field("log.logger", event.getLoggerName());
    keyValues(event).forEach(pair -> draft.field(fullName(pair.key), pair.value));
    return draft;
  }

  private static String fullName(String key) {
    return SHORT_NAMES.getOrDefault(key, EventSchema.ALIASES.getOrDefault(key, key));
  }

  private static Iterable<KeyValuePair> keyValues(ILoggingEvent event) {
    return event.getKeyValuePairs() == null ? java.util.List.of() : event.getKeyValuePairs();
  }

  private static void error(ILoggingEvent event, EventDraft draft) {
    if (event.getThrowableProxy() instanceof ThrowableProxy proxy) {
      draft.error(proxy.getThrowable());
    }
  }

  /** From the event, not from the thread: an asynchronous appender may stand between. */
  private static void context(ILoggingEvent event, EventDraft draft) {
    event
        .getMDCPropertyMap()
        .forEach(
            (key, value) -> {
              switch (key) {
                case AuditContext.MDC_TRACE_ID -> draft.field("trace.id", value);
                case AuditContext.MDC_SPAN_ID -> draft.field("span.id", value);
                default -> draft.label(key, value);
              }
            });
  }
}
