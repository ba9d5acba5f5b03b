package dev.bitacora.collector.intake;

import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.index.EventReader;
import dev.bitacora.collector.index.PoisonException;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventClass;
import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.event.Outcome;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes an event of what a sender without an agent sends: an object with at least {@code
 * event.action} and {@code message} (a log line: {@code message}). Dotted keys at the top become
 * nested objects, and what the envelope needs and the sender left out is filled in. An object that
 * lacks nothing keeps its very bytes.
 */
final class ForeignEvent {
  private final Map<String, Object> tree = new LinkedHashMap<>();
  private boolean changed;

  private ForeignEvent() {}

  /**
   * Reads one item.
   *
   * @param now the time of an event that brings none
   */
  static AuditEvent read(byte[] item, Sender sender, Instant now) throws PoisonException {
    if (item.length > EventReader.MAX_EVENT_BYTES) {
      return EventReader.event(item); // says that it is too large
    }
    ForeignEvent foreign = new ForeignEvent();
    foreign.nest(parse(item));
    foreign.fill(sender, now);
    AuditEvent event = EventReader.event(foreign.changed ? JsonWriter.toBytes(foreign.tree) : item);
    if (event.dataset() == Dataset.CONTROL) {
      throw invalid("event.dataset: only agents write control records");
    }
    return event;
  }

  private static Map<String, Object> parse(byte[] item) throws PoisonException {
    try {
      return JsonTree.readObject(item);
    } catch (MalformedJsonException e) {
      throw new PoisonException(DeadLetterReason.MALFORMED_JSON, e.getMessage());
    }
  }

  private void nest(Map<String, Object> flat) throws PoisonException {
    for (Map.Entry<String, Object> entry : flat.entrySet()) {
      changed |= entry.getKey().indexOf('.') >= 0;
      put(List.of(entry.getKey().split("\\.", -1)), entry.getValue());
    }
  }

  /** Puts a value at its path; two values for one place are refused, not chosen between. */
  private void put(List<String> path, Object value) throws PoisonException {
    Map<String, Object> object = tree;
    for (String name : path.subList(0, path.size() - 1)) {
      object = child(object, name);
    }
    merge(object, path.get(path.size() - 1), value);
  }

  private static void merge(Map<String, Object> object, String name, Object value)
      throws PoisonException {
    if (value instanceof Map<?, ?> members && object.get(name) instanceof Map<?, ?>) {
      Map<String, Object> target = child(object, name);
      for (Map.Entry<?, ?> member : members.entrySet()) {
        merge(target, member.getKey().toString(), member.getValue());
      }
    } else if (object.containsKey(name)) {
      throw invalid("a dotted key and a nested object give the same field twice");
    } else {
      object.put(name, own(value));
    }
  }

  /** What was read is not to be modified, and more may be put into it. */
  private static Object own(Object value) {
    if (value instanceof Map<?, ?> members) {
      Map<String, Object> copy = new LinkedHashMap<>();
      members.forEach((name, member) -> copy.put((String) name, own(member)));
      return copy;
    }
    return value;
  }

  private static Map<String, Object> child(Map<String, Object> object, String name)
      throws PoisonException {
    Object child = object.computeIfAbsent(name, unused -> new LinkedHashMap<String, Object>());
    if (child instanceof Map<?, ?>) {
      @SuppressWarnings("unchecked") // own() makes no other maps
      Map<String, Object> members = (Map<String, Object>) child;
      return members;
    }
    throw invalid("a dotted key goes through a field that is no object");
  }

  private void fill(Sender sender, Instant now) throws PoisonException {
    fill("@timestamp", EventTime.format(now));
    fill("event.dataset", Dataset.AUDIT.text());
    fill("event.kind", "event");
    fill("event.outcome", Outcome.UNKNOWN.text());
    fill("user.id", "anonymous");
    fill("service.name", sender.component());
    fill("service.environment", sender.environment().orElse("unknown"));
    fill("audit.class", EventClass.STANDARD.text());
    fill("audit.schema.version", EventSchema.VERSION);
    fill("ecs.version", EventSchema.ECS_VERSION);
  }

  private void fill(String name, Object value) throws PoisonException {
    List<String> path = List.of(name.split("\\."));
    Map<String, Object> object = tree;
    for (String step : path.subList(0, path.size() - 1)) {
      object = child(object, step);
    }
    changed |= object.putIfAbsent(path.get(path.size() - 1), value) == null;
  }

  private static PoisonException invalid(String detail) {
    return new PoisonException(DeadLetterReason.INVALID_EVENT, detail);
  }
}
