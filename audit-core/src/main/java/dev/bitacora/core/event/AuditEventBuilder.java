package dev.bitacora.core.event;

import static dev.bitacora.core.event.EventFields.ACTION;
import static dev.bitacora.core.event.EventFields.CHANGE_AFTER;
import static dev.bitacora.core.event.EventFields.CHANGE_BEFORE;
import static dev.bitacora.core.event.EventFields.CHANGE_FIELDS;
import static dev.bitacora.core.event.EventFields.CLASS;
import static dev.bitacora.core.event.EventFields.CLIENT_IP;
import static dev.bitacora.core.event.EventFields.DETAILS;
import static dev.bitacora.core.event.EventFields.LABELS;
import static dev.bitacora.core.event.EventFields.MESSAGE;
import static dev.bitacora.core.event.EventFields.OUTCOME;
import static dev.bitacora.core.event.EventFields.SERVICE_ENVIRONMENT;
import static dev.bitacora.core.event.EventFields.SERVICE_NAME;
import static dev.bitacora.core.event.EventFields.SOURCE_IP;
import static dev.bitacora.core.event.EventFields.TARGET_ID;
import static dev.bitacora.core.event.EventFields.TARGET_TYPE;
import static dev.bitacora.core.event.EventFields.TIMESTAMP;
import static dev.bitacora.core.event.EventFields.USER_ID;
import static dev.bitacora.core.event.EventFields.USER_NAME;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.mask.Masking;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  private static final Field[] REQUIRED = {USER_ID, SERVICE_NAME, SERVICE_ENVIRONMENT};
  private static final Field[] ADDRESSES = {CLIENT_IP, SOURCE_IP};

  /** What every event of a dataset says. */
  private static final Map<Dataset, EventTemplate> PLAIN = plainTemplates();

  private final EventTemplate template;
  private final Object[] values;

  /** Fields that have a value that is not the template's, a bit for each. */
  private long set;

  /** Fields of the template that have been taken away. */
  private long unset;

  // Most events have none of these or one; null while there is none.
  private Map<String, Object> changeBefore;
  private Map<String, Object> changeAfter;
  private Map<String, Object> labels;
  private Map<String, Object> details;

  /** Null for what the agent itself says. */
  private Masking masking;

  private Instant timestamp;
  private int maxBytes = DEFAULT_MAX_BYTES;

  AuditEventBuilder(Dataset dataset) {
    this(PLAIN.get(dataset));
  }

  AuditEventBuilder(EventTemplate template) {
    this.template = template;
    this.values = template.values().clone();
  }

  private static Map<Dataset, EventTemplate> plainTemplates() {
    Map<Dataset, EventTemplate> templates = new EnumMap<>(Dataset.class);
    for (Dataset dataset : Dataset.values()) {
      AuditEventBuilder plain =
          new AuditEventBuilder(new EventTemplate(dataset, new Object[EventLayout.size()]))
              .set("event.dataset", dataset.text())
              .set("event.kind", dataset == Dataset.CONTROL ? "state" : "event")
              .outcome(Outcome.UNKNOWN)
              .eventClass(EventClass.STANDARD)
              .set("ecs.version", EventSchema.ECS_VERSION)
              .set("audit.schema.version", EventSchema.VERSION);
      templates.put(dataset, plain.template());
    }
    return templates;
  }

  /** The fields set so far, as what many events have in common; the entries of maps not. */
  public EventTemplate template() {
    return new EventTemplate(template.dataset(), values.clone());
  }

  /** When it happened; now, when not said. */
  public AuditEventBuilder at(Instant time) {
    timestamp = time;
    return this;
  }

  public AuditEventBuilder action(String action) {
    return set(ACTION, action);
  }

  /** The sentence; made from action, actor, target and outcome when not said. */
  public AuditEventBuilder message(String message) {
    return set(MESSAGE, message);
  }

  public AuditEventBuilder outcome(Outcome outcome) {
    return set(OUTCOME, outcome.text());
  }

  public AuditEventBuilder eventClass(EventClass eventClass) {
    return set(CLASS, eventClass.text());
  }

  public AuditEventBuilder target(String type, String id) {
    return set(TARGET_TYPE, type).set(TARGET_ID, id);
  }

  /** One changed field with its value before and after; may be called for several fields. */
  public AuditEventBuilder change(String field, Object before, Object after) {
    changeBefore = with(changeBefore, field, before);
    changeAfter = with(changeAfter, field, after);
    return this;
  }

  public AuditEventBuilder label(String key, String value) {
    labels = with(labels, key, value);
    return this;
  }

  /** One entry of the free, nested data. */
  public AuditEventBuilder detail(String key, Object value) {
    details = with(details, key, value);
    return this;
  }

  private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
    if (map == null) {
      return Collections.singletonMap(key, value);
    }
    Map<String, Object> entries = map.size() == 1 ? new LinkedHashMap<>(map) : map;
    entries.put(key, value);
    return entries;
  }

  /** Masks what the event holds before there are bytes; nothing is masked when not said. */
  public AuditEventBuilder masking(Masking masking) {
    this.masking = masking;
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
    return set(EventSchema.eventField(name), value);
  }

  /** The same for a field that is known already. */
  public AuditEventBuilder set(Field field, Object value) {
    // The test for a text is cheap, that for a collection is not, and most values are texts.
    boolean isCollection = !(value instanceof String) && value instanceof Collection;
    put(field.index(), isCollection ? List.copyOf((Collection<?>) value) : value);
    return this;
  }

  private void put(int index, Object value) {
    values[index] = value;
    long bit = 1L << index;
    if (value != null) {
      set |= bit;
      unset &= ~bit;
    } else {
      set &= ~bit;
      unset |= template.values()[index] == null ? 0 : bit;
    }
  }

  /** Sets a field only where nothing was set, for what a context supplies. */
  public AuditEventBuilder setIfAbsent(String name, Object value) {
    return setIfAbsent(EventSchema.eventField(name), value);
  }

  /** The same for a field that is known already. */
  public AuditEventBuilder setIfAbsent(Field field, Object value) {
    return values[field.index()] == null ? set(field, value) : this;
  }

  /**
   * The event.
   *
   * @throws IllegalStateException naming every problem
   */
  public AuditEvent build() {
    byte[] bytes = toBytes();
    return new AuditEvent(bytes, template.dataset(), timestamp);
  }

  /**
   * The event's bytes alone, for whoever only ships them.
   *
   * @throws IllegalStateException naming every problem
   */
  public byte[] toBytes() {
    complete();
    byte[] bytes = encode();
    return bytes.length > maxBytes ? shorten(bytes) : bytes;
  }

  private void complete() {
    if (timestamp == null) {
      timestamp = Instant.now();
    }
    set(TIMESTAMP, EventTime.format(timestamp));
    if (changeBefore != null) {
      put(CHANGE_FIELDS.index(), changeBefore.keySet());
      set(CHANGE_BEFORE, changeBefore);
      set(CHANGE_AFTER, changeAfter);
    }
    if (labels != null) {
      set(LABELS, labels);
    }
    if (details != null) {
      set(DETAILS, details);
    }
    if (masking != null) {
      mask();
    }
    if (get(MESSAGE) == null) {
      set(MESSAGE, sentence());
    }
    List<String> problems = problems();
    if (!problems.isEmpty()) {
      throw new IllegalStateException(String.join("; ", problems));
    }
  }

  /** Takes out what must not be kept; what the template says is the component's own and stays. */
  private void mask() {
    for (long rest = EventLayout.maskable(set, masking); rest != 0; rest &= rest - 1) {
      int index = Long.numberOfTrailingZeros(rest);
      put(index, EventLayout.masked(index, values[index], masking));
    }
  }

  private String sentence() {
    StringBuilder sentence = new StringBuilder(96);
    Object actor = get(USER_NAME) == null ? get(USER_ID) : get(USER_NAME);
    if (actor != null) {
      sentence.append(actor).append(' ');
    }
    sentence.append(get(ACTION));
    if (get(TARGET_ID) != null) {
      sentence.append(' ').append(get(TARGET_TYPE)).append(' ').append(get(TARGET_ID));
    }
    return sentence.append(": ").append(get(OUTCOME)).toString();
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>(0);
    for (Field field : REQUIRED) {
      requireText(field, problems);
    }
    if (template.dataset() != Dataset.LOG) {
      requireText(ACTION, problems);
    }
    for (Field field : ADDRESSES) {
      if (get(field) != null && !EventCheck.isAddress(get(field).toString())) {
        problems.add(field.name() + ": expected an IP address");
      }
    }
    return problems;
  }

  private void requireText(Field field, List<String> problems) {
    if (!(get(field) instanceof String text) || text.isBlank()) {
      problems.add(field.name() + ": required and missing");
    }
  }

  private Object get(Field field) {
    return values[field.index()];
  }

  private byte[] encode() {
    return template.shape(set, unset).encode(values);
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
      Field field = EventSchema.eventField(name);
      if (get(field) != null) {
        set(field, null);
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
        put(i, text.subSequence(0, length - 1) + "…");
      } else if (values[i] instanceof List<?> list && list.size() > length / 32) {
        put(i, null);
      }
    }
  }
}
