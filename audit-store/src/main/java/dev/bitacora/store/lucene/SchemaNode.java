package dev.bitacora.store.lucene;

import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The schema as the event's bytes are nested, so that one walk over an event finds each value's
 * field. A node is an object, or a field with what its terms begin with.
 */
final class SchemaNode {
  /** The root of every event. */
  static final SchemaNode ROOT = new SchemaNode();

  private static final Map<String, SchemaNode> BY_NAME = new HashMap<>();

  static {
    int number = 0;
    for (Field field : EventSchema.fields()) {
      SchemaNode leaf = ROOT.descend(field.path());
      leaf.become(field, number++);
      BY_NAME.put(field.name(), leaf);
    }
  }

  private final Map<String, SchemaNode> children = new HashMap<>();
  private Field field;
  private int number;
  private byte[] prefix;
  private byte[] keyedPrefix;

  static SchemaNode of(String name) {
    return BY_NAME.get(name);
  }

  private SchemaNode descend(List<String> path) {
    SchemaNode node = this;
    for (String name : path) {
      node = node.children.computeIfAbsent(name, ignored -> new SchemaNode());
    }
    return node;
  }

  private void become(Field leaf, int place) {
    field = leaf;
    number = place;
    prefix = Terms.prefix(leaf);
    keyedPrefix = Terms.keyedPrefix(leaf);
  }

  /** Null when the schema has no such member. */
  SchemaNode child(String name) {
    return children.get(name);
  }

  /** Null when this is an object. */
  Field field() {
    return field;
  }

  /** The field's place in the schema; in memory only. */
  int number() {
    return number;
  }

  byte[] prefix() {
    return prefix;
  }

  byte[] keyedPrefix() {
    return keyedPrefix;
  }
}
