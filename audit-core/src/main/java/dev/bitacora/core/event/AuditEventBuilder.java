package dev.bitacora.core.event;

import dev.bitacora.core.chain.ChainLink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Collects an event's fields and writes its bytes. Every field of {@link EventSchema} that is not
 * the collector's can be set by name; those with a shape of their own have a method. Not
 * thread-safe.
 */
public final class AuditEventBuilder {
  /** Bytes an event may have before it is shortened, unless said otherwise. */
  public static final int DEFAULT_MAX_BYTES = 64 * 1024;

  /** What goes first when an event is too large: bulky, and not indexed or not essential. */
  private static final List<String> BULKY =
      List.of(
          "error.stack_trace",
          "audit.change.before",
          "audit.change.after",
          "audit.details",
          "labels",
          "audit.target.related",
          "audit.change.fields");

  private static final int[] SHORTENED_TEXT = {4096, 1024, 128, 32};

  private final Dataset dataset;
  private final Map<String, Object> changeBefore = new LinkedHashMap<>();
  private final Map<String, Object> changeAfter = new LinkedHashMap<>();
  private final Map<String, Object> labels = new LinkedHashMap<>();
  private final Map<String, Object> details = new LinkedHashMap<>();
  private final Object[] values = new Object[EventLayout.size()];
  private Instant timestamp;
  private int maxBytes = DEFAULT_MAX_BYTES;

  AuditEventBuilder(Dataset dataset) {
    this.dataset = dataset;
    set("event.dataset", dataset.text());
    set("event.kind", dataset == Dataset.CONTROL ? "state" : "event");
    set("event.outcome", Outcome.UNKNOWN.text());
    set("audit.class", EventClass.STANDARD.text());
    set("ecs.version", EventSchema.ECS_VERSION);
    set("audit.schema.version", EventSchema.VERSION);
  }

  /** When it happened; now, when not said. */
  public AuditEventBuilder at(Instant time) {
    timestamp = time;
    return this;
  }

  public AuditEventBuilder action(String action) {
    return set("event.action", action);
  }

  /** The sentence; made from action, actor, target and outcome when not said. */
  public AuditEventBuilder message(String message) {
    return set("message", message);
  }

  public AuditEventBuilder outcome(Outcome outcome) {
    return set("event.outcome", outcome.text());
  }

  public AuditEventBuilder eventClass(EventClass eventClass) {
    return set("audit.class", eventClass.text());
  }

  public AuditEventBuilder target(String type, String id) {
    return set("audit.target.type", type).set("audit.target.id", id);
  }

  /** One changed field with its value before and after; may be called for several fields. */
  public AuditEventBuilder change(String field, Object before, Object after) {
    changeBefore.put(field, before);
    changeAfter.put(field, after);
    return this;
  }

  public AuditEventBuilder label(String key, String value) {
    labels.put(key, value);
    return this;
  }

  /** One entry of the free, nested data. */
  public AuditEventBuilder detail(String key, Object value) {
    details.put(key, value);
    return this;
  }

  /** Shortens the event above this many bytes; 64 KiB when not said. */
  public AuditEventBuilder maxBytes(int maxBytes) {
    this.maxBytes = maxBytes;
    return this;
  }

  /**
   * Sets a field by its dotted name; null unsets it. A collection becomes an array.
   *
   * @throws IllegalArgumentException when there is no such field, or only the collector sets it
   */
  public AuditEventBuilder set(String name, Object value) {
    values[EventLayout.indexOf(name)] = value instanceof Collection<?> c ? List.copyOf(c) : value;
    return this;
  }

  /** Sets a field only where nothing was set, for what a context supplies. */
  public AuditEventBuilder setIfAbsent(String name, Object value) {
    return values[EventLayout.indexOf(name)] == null ? set(name, value) : this;
  }

  /**
   * The event.
   *
   * @throws IllegalStateException naming every problem
   */
  public AuditEvent build() {
    complete();
    byte[] bytes = encode();
    if (bytes.length > maxBytes) {
      bytes = shorten(bytes);
    }
    return new AuditEvent(bytes, dataset, timestamp);
  }

  private void complete() {
    if (timestamp == null) {
      timestamp = Instant.now();
    }
    set("@timestamp", EventTime.format(timestamp));
    if (!changeBefore.isEmpty()) {
      set("audit.change.fields", changeBefore.keySet());
      set("audit.change.before", changeBefore);
      set("audit.change.after", changeAfter);
    }
    if (!labels.isEmpty()) {
      set("labels", labels);
    }
    if (!details.isEmpty()) {
      set("audit.details", details);
    }
    setIfAbsent("message", sentence());
    List<String> problems = problems();
    if (!problems.isEmpty()) {
      throw new IllegalStateException(String.join("; ", problems));
    }
  }

  private String sentence() {
    StringBuilder sentence = new StringBuilder();
    Stream.of("user.name", "user.id")
        .map(this::get)
        .filter(value -> value != null)
        .findFirst()
        .ifPresent(actor -> sentence.append(actor).append(' '));
    sentence.append(get("event.action"));
    if (get("audit.target.id") != null) {
      sentence
          .append(' ')
          .append(get("audit.target.type"))
          .append(' ')
          .append(get("audit.target.id"));
    }
    return sentence.append(": ").append(get("event.outcome")).toString();
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    List<String> required =
        dataset == Dataset.LOG
            ? List.of("user.id", "service.name", "service.environment")
            : List.of("user.id", "service.name", "service.environment", "event.action");
    for (String name : required) {
      if (!(get(name) instanceof String text) || text.isBlank()) {
        problems.add(name + ": required and missing");
      }
    }
    for (String name : List.of("client.ip", "source.ip")) {
      if (get(name) != null && !EventCheck.isAddress(get(name).toString())) {
        problems.add(name + ": expected an IP address");
      }
    }
    return problems;
  }

  private Object get(String name) {
    return values[EventLayout.indexOf(name)];
  }

  private byte[] encode() {
    return EventLayout.encode(values);
  }

  private byte[] shorten(byte[] original) {
    set("audit.truncated", true);
    set("audit.original.size", (long) original.length);
    set("audit.original.sha256", HexFormat.of().formatHex(ChainLink.hash(original)));
    byte[] bytes = encode();
    for (String name : BULKY) {
      if (bytes.length <= maxBytes) {
        return bytes;
      }
      if (get(name) != null) {
        set(name, null);
        bytes = encode();
      }
    }
    for (int length : SHORTENED_TEXT) {
      if (bytes.length <= maxBytes) {
        return bytes;
      }
      shortenTexts(length);
      bytes = encode();
    }
    return bytes;
  }

  private void shortenTexts(int length) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof CharSequence text
          && text.length() > length
          && !EventLayout.isFixed(i)) {
        values[i] = text.subSequence(0, length - 1) + "…";
      } else if (values[i] instanceof List<?> list && list.size() > length / 32) {
        values[i] = null;
      }
    }
  }
}
