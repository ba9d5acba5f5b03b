package dev.bitacora.agent;

import dev.bitacora.core.event.EventCheck;
import dev.bitacora.core.event.EventFields;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.event.Field;
import dev.bitacora.core.event.Outcome;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Fits a plain value to a field, so that what leaves the agent passes the collector's check. */
final class FieldValue {
  /** What the agent alone decides. */
  private static final Set<String> RESERVED =
      Set.of(
          "@timestamp",
          "event.dataset",
          "event.kind",
          "audit.class",
          "audit.schema.version",
          "audit.truncated",
          "audit.original.size",
          "audit.original.sha256",
          "audit.change.fields",
          "audit.change.before",
          "audit.change.after",
          "agent.id",
          "agent.version",
          "ecs.version",
          "service.name",
          "service.environment");

  /** Fields that hold one text; all others may hold several. */
  private static final Set<String> SINGLE = Set.of("event.action", "user.id", "message");

  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,18}");

  private FieldValue() {}

  /** The value as the field holds it; null when it can not. */
  static Object fitting(Field field, Object value) {
    if (RESERVED.contains(field.name())) {
      return null;
    }
    if (field.equals(EventFields.OUTCOME)) {
      return outcome(value.toString());
    }
    return switch (field.type()) {
      case KEYWORD -> keyword(field, value);
      case TEXT -> value.toString();
      case LONG -> number(value);
      case IP -> EventCheck.isAddress(value.toString()) ? value.toString() : null;
      case STORED -> value;
      case DATE -> isTime(value.toString()) ? value.toString() : null;
      case FLATTENED -> null;
    };
  }

  private static String outcome(String text) {
    for (Outcome outcome : Outcome.values()) {
      if (outcome.text().equalsIgnoreCase(text)) {
        return outcome.text();
      }
    }
    return null;
  }

  private static Object keyword(Field field, Object value) {
    if (value instanceof List<?> list && !SINGLE.contains(field.name())) {
      return list.stream().map(String::valueOf).toList();
    }
    String text = value.toString();
    return text.isBlank() ? null : text;
  }

  private static Long number(Object value) {
    if (value instanceof Number number && number.doubleValue() == number.longValue()) {
      return number.longValue();
    }
    return value instanceof String text && WHOLE_NUMBER.matcher(text).matches()
        ? Long.valueOf(text)
        : null;
  }

  private static boolean isTime(String text) {
    try {
      return EventTime.parse(text) != null;
    } catch (java.time.DateTimeException e) {
      return false;
    }
  }
}
