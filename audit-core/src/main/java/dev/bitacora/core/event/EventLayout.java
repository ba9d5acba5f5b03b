package dev.bitacora.core.event;

import dev.bitacora.core.json.JsonWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where each field stands in an event's bytes: objects opened once, keys encoded once. A field's
 * index is its place in {@link EventSchema}'s order, except that objects inside one object are
 * brought together.
 */
final class EventLayout {
  /** Values that mean something only as a whole. */
  private static final Set<String> FIXED =
      Set.of("@timestamp", "audit.original.sha256", "client.ip", "source.ip", "ecs.version");

  private static final Node ROOT = new Node("");
  private static final Map<String, Integer> INDEX = new HashMap<>();
  private static final List<String> NAMES = new ArrayList<>();

  static {
    for (Field field : EventSchema.fields()) {
      if (!field.envelope()) {
        INDEX.put(field.name(), NAMES.size());
        ROOT.add(field.path(), NAMES.size());
        NAMES.add(field.name());
      }
    }
  }

  private EventLayout() {}

  static int size() {
    return NAMES.size();
  }

  static int indexOf(String name) {
    Integer index = INDEX.get(name);
    if (index == null) {
      throw new IllegalArgumentException("no field of an event is called \"" + name + "\"");
    }
    return index;
  }

  static boolean isFixed(int index) {
    return FIXED.contains(NAMES.get(index));
  }

  static byte[] encode(Object[] values) {
    JsonWriter writer = new JsonWriter();
    ROOT.write(writer, values);
    return writer.finish();
  }

  /** An object, or the value of one field. */
  private static final class Node {
    private final String name;
    private final JsonWriter.Key key;
    private final List<Node> children = new ArrayList<>();
    private int index = -1;

    Node(String name) {
      this.name = name;
      this.key = new JsonWriter.Key(name);
    }

    void add(List<String> path, int fieldIndex) {
      if (path.isEmpty()) {
        index = fieldIndex;
        return;
      }
      Node child =
          children.stream()
              .filter(node -> node.name.equals(path.get(0)))
              .findFirst()
              .orElseGet(() -> append(new Node(path.get(0))));
      child.add(path.subList(1, path.size()), fieldIndex);
    }

    private Node append(Node child) {
      children.add(child);
      return child;
    }

    private boolean isPresent(Object[] values) {
      if (index >= 0) {
        return values[index] != null;
      }
      for (Node child : children) {
        if (child.isPresent(values)) {
          return true;
        }
      }
      return false;
    }

    void write(JsonWriter writer, Object[] values) {
      if (index >= 0) {
        writer.value(values[index]);
        return;
      }
      writer.startObject();
      for (Node child : children) {
        if (child.isPresent(values)) {
          writer.key(child.key);
          child.write(writer, values);
        }
      }
      writer.endObject();
    }
  }
}
