package dev.bitacora.collector.index;

import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.EventFields;
import dev.bitacora.core.event.Field;

/**
 * What those who watch a component's traffic want to know of its events, taken before the store has
 * them, since nobody holds an event's fields while it is written.
 *
 * @param service {@code service.name}
 * @param environment {@code service.environment}
 * @param action empty when the event has none
 * @param status {@code http.response.status_code}; 0 when the event has none
 */
public record Traffic(
    String service, String environment, String action, String outcome, int status) {
  static Traffic of(AuditEvent event) {
    return new Traffic(
        text(event, EventFields.SERVICE_NAME),
        text(event, EventFields.SERVICE_ENVIRONMENT),
        text(event, EventFields.ACTION),
        text(event, EventFields.OUTCOME),
        event.value(EventFields.RESPONSE_STATUS).orElse(0) instanceof Long status
            ? status.intValue()
            : 0);
  }

  private static String text(AuditEvent event, Field field) {
    return event.value(field).map(Object::toString).orElse("");
  }
}
