package dev.bitacora.core.event;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One event: what happened, to what, by whom, when, with what result. It is its bytes, UTF-8 JSON,
 * written once by whoever recorded it and never again; the fields are a reading of them. Its number
 * and its stream are not part of it ({@code dev.bitacora.core.wire.WireRecord}).
 *
 * <p>Immutable and safe for any thread. An instance has passed {@link EventCheck}, so nothing
 * downstream checks again.
 */
public final class AuditEvent {
  private final byte[] bytes;
  private final Dataset dataset;
  private final Instant timestamp;

  /** What {@link EventScan} kept; null where it was not asked, or did not like the event. */
  private final Object[] kept;

  /** Read from the bytes when first asked for: who only ships an event never pays for it. */
  private volatile Map<String, Object> tree;

  /** What a builder made and checked. */
  AuditEvent(byte[] bytes, Dataset dataset, Instant timestamp) {
    this(bytes, new EventScan.Result(dataset, timestamp, null));
  }

  private AuditEvent(byte[] bytes, EventScan.Result scanned) {
    this.bytes = bytes;
    this.dataset = scanned.dataset();
    this.timestamp = scanned.timestamp();
    this.kept = scanned.kept();
  }

  private AuditEvent(byte[] bytes, Map<String, Object> tree) {
    this(
        bytes,
        Dataset.of((String) valueAt(tree, EventFields.DATASET.path())).orElseThrow(),
        EventTime.parse((String) tree.get("@timestamp")));
    this.tree = tree;
  }

  /** A builder of an audit event with this action, a stable dotted verb. */
  public static AuditEventBuilder builder(String action) {
    return new AuditEventBuilder(Dataset.AUDIT).action(action);
  }

  /** A builder of a record of any dataset. */
  public static AuditEventBuilder builder(Dataset dataset) {
    return new AuditEventBuilder(dataset);
  }

  /**
   * Reads and checks an event's bytes, which are kept as they are.
   *
   * @param bytes not copied: they are the event's from now on, and nobody changes them
   * @throws InvalidEventException naming every problem
   */
  public static AuditEvent parse(byte[] bytes) throws InvalidEventException {
    Optional<EventScan.Result> scanned = EventScan.read(bytes);
    return scanned.isPresent() ? new AuditEvent(bytes, scanned.get()) : parseTree(bytes);
  }

  private static AuditEvent parseTree(byte[] bytes) throws InvalidEventException {
    Map<String, Object> tree;
    try {
      tree = JsonTree.readObject(bytes);
    } catch (MalformedJsonException e) {
      throw new InvalidEventException(List.of(e.getMessage()));
    }
    List<String> problems = EventCheck.problems(tree);
    if (!problems.isEmpty()) {
      throw new InvalidEventException(problems);
    }
    return new AuditEvent(bytes, tree);
  }

  /** The exact bytes: what is shipped, hashed and shown. Not copied, and not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Length of {@link #bytes}. */
  public int size() {
    return bytes.length;
  }

  /** The fields as nested plain values; not to be modified. */
  public Map<String, Object> tree() {
    Map<String, Object> read = tree;
    if (read == null) {
      try {
        read = JsonTree.readObject(bytes);
      } catch (MalformedJsonException impossible) {
        throw new IllegalStateException("an event's bytes are JSON", impossible);
      }
      tree = read;
    }
    return read;
  }

  /**
   * Gives up the fields that have been read, so that an event that waits holds little more than its
   * bytes. Whoever asks for them has them read once more.
   */
  public void forgetFields() {
    tree = null;
  }

  public Instant timestamp() {
    return timestamp;
  }

  public Dataset dataset() {
    return dataset;
  }

  /** The value at a dotted name, whatever it is. */
  public Optional<Object> value(String name) {
    return Optional.ofNullable(valueAt(tree(), name));
  }

  /** The same of a field that is known already; of those that all ask for, it costs nothing. */
  public Optional<Object> value(Field field) {
    int place = kept == null ? -1 : EventFields.placeKept(field);
    return Optional.ofNullable(place >= 0 ? kept[place] : valueAt(tree(), field.path()));
  }

  /** The single text at a dotted name; of several, the first. */
  public Optional<String> text(String name) {
    List<String> texts = texts(name);
    return texts.isEmpty() ? Optional.empty() : Optional.of(texts.get(0));
  }

  /** The texts at a dotted name: none, one, or an array's. */
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    collect(valueAt(tree(), name), texts);
    return texts;
  }

  private static void collect(Object value, List<String> texts) {
    if (value instanceof List<?> elements) {
      elements.forEach(element -> collect(element, texts));
    } else if (value != null && !(value instanceof Map<?, ?>)) {
      texts.add(value.toString());
    }
  }

  static Object valueAt(Map<?, ?> tree, List<String> path) {
    Object value = tree;
    for (int i = 0; i < path.size(); i++) {
      value = value instanceof Map<?, ?> object ? object.get(path.get(i)) : null;
    }
    return value;
  }

  private static Object valueAt(Map<String, Object> tree, String name) {
    Object value = tree;
    int from = 0;
    while (from <= name.length()) {
      if (!(value instanceof Map<?, ?> object)) {
        return null;
      }
      int dot = name.indexOf('.', from);
      int to = dot < 0 ? name.length() : dot;
      value = object.get(name.substring(from, to));
      from = to + 1;
    }
    return value;
  }

  /** Names the event without its content. */
  @Override
  public String toString() {
    return "AuditEvent[" + dataset.text() + ", " + timestamp + ", " + bytes.length + " bytes]";
  }
}
