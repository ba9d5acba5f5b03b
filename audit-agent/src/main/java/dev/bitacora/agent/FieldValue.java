package dev.bitacora.agent;

import dev.bitacora.core.event.EventCheck;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.event.Field;
import dev.bitacora.core.event.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

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

  private FieldValue() {}

  /** The value as the field holds it; empty when it can not. */
  static Optional<Object> fitting(Field field, Object value) {
    if (RESERVED.contains(field.name())) {
      return Optional.empty();
    }
    if (field.name().equals("event.outcome")) {
      return outcome(value);
    }
    return switch (field.type()) {
      case KEYWORD -> keyword(field, value);
      case TEXT -> Optional.of(value.toString());
      case LONG -> number(value);
      case IP -> Optional.of(value.toString()).filter(EventCheck::isAddress).map(v -> v);
      case STORED -> Optional.of(value);
      case DATE -> Optional.of(value.toString()).filter(FieldValue::isTime).map(v -> v);
      case FLATTENED -> Optional.empty();
    };
  }

  private static Optional<Object> outcome(Object value) {
    String text = value.toString().toLowerCase(Locale.ROOT);
    return Arrays.stream(Outcome.values())
        .map(Outcome::text)
        .filter(text::equals)
        .findFirst()
        .map(v -> v);
  }

  private static Optional<Object> keyword(Field field, Object value) {
    if (value instanceof List<?> list && !SINGLE.contains(field.name())) {
      return Optional.of(list.stream().map(String::valueOf).toList());
    }
    return Optional.of(value.toString()).filter(text -> !text.isBlank()).map(v -> v);
  }

  private static Optional<Object> number(Object value) {
    if (value instanceof Number number && number.doubleValue() == number.longValue()) {
      return Optional.of(number.longValue());
    }
    return value instanceof String text && text.matches("-?\\d{1,18}")
        ? Optional.of(Long.parseLong(text))
        : Optional.empty();
  }

  private static boolean isTime(String text) {
    try {
      return EventTime.parse(text) != null;
    } catch (java.time.DateTimeException e) {
      return false;
    }
  }
}
