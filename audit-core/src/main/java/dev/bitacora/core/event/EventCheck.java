package dev.bitacora.core.event;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The schema check: what must be there is there, what is there has its type, and nothing pretends
 * to be the collector's. Unknown fields are kept and not indexed, so that a newer agent's events
 * pass.
 */
public final class EventCheck {
  private static final List<String> REQUIRED =
      List.of(
          "@timestamp",
          "message",
          "event.dataset",
          "event.outcome",
          "user.id",
          "service.name",
          "service.environment",
          "audit.class",
          "ecs.version",
          "audit.schema.version");

  static final List<Field> REQUIRED_FIELDS =
      REQUIRED.stream().map(EventSchema::eventField).toList();

  private static final List<String> OBJECTS_OF_OURS = List.of("event", "audit", "agent", "ledger");

  static final Node SCHEMA = schema();

  private static final int MAX_PROBLEMS = 8;

  private EventCheck() {}

  /** Every problem of this event, at most eight; none when it is good. */
  public static List<String> problems(Map<String, Object> tree) {
    List<String> problems = new ArrayList<>();
    dottedKeys(tree, problems);
    members(SCHEMA, tree, problems);
    for (Field field : REQUIRED_FIELDS) {
      if (AuditEvent.valueAt(tree, field.path()) == null) {
        problems.add(field.name() + ": required and missing");
      }
    }
    if (problems.isEmpty()) {
      relations(tree, problems);
    }
    return problems.size() > MAX_PROBLEMS ? problems.subList(0, MAX_PROBLEMS) : problems;
  }

  private static void relations(Map<String, Object> tree, List<String> problems) {
    String dataset = (String) AuditEvent.valueAt(tree, EventFields.DATASET.path());
    if (Dataset.of(dataset).isEmpty()) {
      problems.add("event.dataset: expected audit, log or control");
    } else if (!dataset.equals("log")
        && AuditEvent.valueAt(tree, EventFields.ACTION.path()) == null) {
      problems.add("event.action: required and missing");
    }
    String version = (String) AuditEvent.valueAt(tree, EventFields.SCHEMA_VERSION.path());
    if (!isKnownVersion(version)) {
      problems.add(
          "audit.schema.version: this reader knows major version " + major(EventSchema.VERSION));
    }
  }

  static boolean isKnownVersion(String version) {
    return major(version).equals(major(EventSchema.VERSION));
  }

  private static String major(String version) {
    int dot = version.indexOf('.');
    return dot < 0 ? version : version.substring(0, dot);
  }

  private static void dottedKeys(Map<String, Object> tree, List<String> problems) {
    if (hasDottedKey(tree) || tree.containsKey("")) {
      problems.add("a key at the top has a dot or is empty: objects are nested");
    }
    for (String known : OBJECTS_OF_OURS) {
      if (tree.get(known) instanceof Map<?, ?> object && hasDottedKey(object)) {
        problems.add(known + ": a key has a dot: objects are nested");
      }
    }
  }

  private static boolean hasDottedKey(Map<?, ?> object) {
    boolean[] has = {false};
    object.forEach((name, value) -> has[0] |= name.toString().indexOf('.') >= 0);
    return has[0];
  }

  /**
   * A name of the schema: of an object with members, or of a field.
   *
   * @param field null for an object
   * @param mustBeText whether one text that is not blank must stand there, if anything
   * @param kept where {@link EventScan} keeps the field; −1 where it does not
   * @param place its number among the members of the object that it is in, below 64
   */
  record Node(
      String name,
      Field field,
      boolean isRequired,
      boolean mustBeText,
      int kept,
      int place,
      Map<String, Node> members) {
    Node {
      if (place >= Long.SIZE) {
        throw new IllegalStateException(name + ": an object of the schema has too many members");
      }
    }

    Node(String name, Field field, int place) {
      this(
          name,
          field,
          REQUIRED.contains(name),
          REQUIRED.contains(name) || name.equals("event.action"),
          EventFields.placeKept(field),
          place,
          new HashMap<>());
    }
  }

  private static Node schema() {
    Node root = new Node("", null, 0);
    for (Field field : EventSchema.fields()) {
      List<String> path = field.path();
      Node node = root;
      for (int i = 0; i < path.size(); i++) {
        String name = String.join(".", path.subList(0, i + 1));
        Field leaf = i == path.size() - 1 ? field : null;
        int place = node.members().size();
        node = node.members().computeIfAbsent(path.get(i), unused -> new Node(name, leaf, place));
      }
    }
    return root;
  }

  /** Where the schema has an object, nothing else may stand: {@code "host": "x"}. */
  private static void members(Node schema, Map<?, ?> object, List<String> problems) {
    object.forEach(
        (name, value) -> {
          Node known = schema.members().get(name);
          if (known != null && value != null) {
            member(known, value, problems);
          }
        });
  }

  private static void member(Node known, Object value, List<String> problems) {
    if (known.field() != null) {
      check(known, value, problems);
    } else if (value instanceof Map<?, ?> below) {
      members(known, below, problems);
    } else {
      problems.add(known.name() + ": expected an object, found " + kind(value));
    }
  }

  private static void check(Node known, Object value, List<String> problems) {
    Field field = known.field();
    if (field.envelope()) {
      problems.add(field.name() + ": only the collector sets it");
      return;
    }
    switch (field.type()) {
      case KEYWORD -> keywords(known, value, problems);
      case TEXT -> each(known, value, String.class, "text", problems);
      case LONG -> each(known, value, Long.class, "a whole number of 64 bits", problems);
      case DATE -> date(field, value, problems);
      case IP -> ip(field, value, problems);
      case FLATTENED -> flattened(field, value, problems);
      case STORED -> {}
    }
  }

  private static void keywords(Node known, Object value, List<String> problems) {
    Field field = known.field();
    if (!(value instanceof String)) { // nearly all are
      for (Object element : elements(value)) {
        if (!isKeyword(element)) {
          problems.add(field.name() + ": expected text, found " + kind(element));
          return;
        }
      }
    }
    if (known.mustBeText() && !(value instanceof String)) {
      problems.add(field.name() + ": expected one text, found " + kind(value));
    } else if (known.mustBeText() && ((String) value).isBlank()) {
      problems.add(field.name() + ": must not be blank");
    }
  }

  private static boolean isKeyword(Object value) {
    return value instanceof String || value instanceof Boolean || value instanceof Number;
  }

  private static void each(
      Node known, Object value, Class<?> expected, String name, List<String> problems) {
    Field field = known.field();
    for (Object element : known.isRequired() ? List.of(value) : elements(value)) {
      if (!expected.isInstance(element)) {
        problems.add(field.name() + ": expected " + name + ", found " + kind(element));
        return;
      }
    }
  }

  private static void date(Field field, Object value, List<String> problems) {
    try {
      if (value instanceof String text) {
        EventTime.parse(text);
        return;
      }
    } catch (DateTimeException e) {
      // reported below, like any other value that is no time
    }
    problems.add(field.name() + ": expected an RFC 3339 time, 2026-11-21T10:15:30.123Z");
  }

  private static void ip(Field field, Object value, List<String> problems) {
    for (Object element : elements(value)) {
      if (!(element instanceof String text) || !isAddress(text)) {
        problems.add(field.name() + ": expected an IP address");
        return;
      }
    }
  }

  /** True for a literal IPv4 or IPv6 address; never asks the network. */
  public static boolean isAddress(String text) {
    return text.indexOf(':') < 0 ? isV4(text) : isV6(text);
  }

  /** Four numbers up to 255; the JDK would ask the network about larger ones. */
  private static boolean isV4(String text) {
    int parts = 1;
    int digits = 0;
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        digits++;
        number = number * 10 + c - '0';
      } else if (c == '.' && digits > 0) {
        parts++;
        digits = 0;
        number = 0;
      } else {
        return false;
      }
      if (digits > 3 || number > 255) {
        return false;
      }
    }
    return parts == 4 && digits > 0;
  }

  private static boolean isV6(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed =
          (c >= '0' && c <= '9')
              || c == '.'
              || c == ':'
              || (c >= 'a' && c <= 'f')
              || (c >= 'A' && c <= 'F');
      if (!allowed) {
        return false;
      }
    }
    try {
      return InetAddress.getByName(text) != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static void flattened(Field field, Object value, List<String> problems) {
    if (!(value instanceof Map<?, ?>)) {
      problems.add(field.name() + ": expected an object, found " + kind(value));
    }
  }

  private static List<?> elements(Object value) {
    return value instanceof List<?> list ? list : List.of(value);
  }

  private static String kind(Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof Map<?, ?>) {
      return "an object";
    }
    if (value instanceof List<?>) {
      return "an array";
    }
    if (value instanceof Boolean) {
      return "a boolean";
    }
    return value instanceof Number ? "a number" : "text";
  }
}
