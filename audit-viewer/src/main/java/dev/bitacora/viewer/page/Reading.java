package dev.bitacora.viewer.page;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.store.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An event's fields, read from its original bytes. What cannot be read has no fields. */
final class Reading {
  private final Map<String, Object> tree;

  private Reading(Map<String, Object> tree) {
    this.tree = tree;
  }

  static Reading of(StoredEvent event) {
    try {
      return new Reading(JsonTree.readObject(event.original()));
    } catch (MalformedJsonException e) {
      // The raw bytes are shown all the same.
      return new Reading(Map.of());
    }
  }

  static String rawText(StoredEvent event) {
    return new String(event.original(), StandardCharsets.UTF_8);
  }

  Optional<Object> value(String name) {
    Object value = tree;
    for (String part : name.split("\\.", -1)) {
      if (!(value instanceof Map<?, ?> object)) {
        return Optional.empty();
      }
      value = object.get(part);
    }
    return Optional.ofNullable(value);
  }

  /** A field as text; several values separated by commas. */
  Optional<String> text(String name) {
    return value(name).map(Reading::textOf).filter(text -> !text.isEmpty());
  }

  String text(String name, String otherwise) {
    return text(name).orElse(otherwise);
  }

  Optional<Long> number(String name) {
    return value(name).filter(Long.class::isInstance).map(Long.class::cast);
  }

  static String textOf(Object value) {
    if (value instanceof List<?> list && list.stream().noneMatch(Reading::isNested)) {
      return String.join(", ", list.stream().map(String::valueOf).toList());
    }
    return isNested(value) ? JsonWriter.toText(value) : String.valueOf(value);
  }

  private static boolean isNested(Object value) {
    return value instanceof Map<?, ?> || value instanceof List<?>;
  }

  /** Every leaf with its dotted name, in the order of the bytes. */
  List<Leaf> leaves() {
    List<Leaf> leaves = new ArrayList<>();
    collect("", tree, leaves);
    return leaves;
  }

  private static void collect(String prefix, Map<?, ?> object, List<Leaf> leaves) {
    object.forEach(
        (key, value) -> {
          String name = prefix + key;
          if (value instanceof Map<?, ?> nested && !nested.isEmpty()) {
            collect(name + ".", nested, leaves);
          } else {
            leaves.add(new Leaf(name, textOf(value)));
          }
        });
  }

  /** A field and its value as text. */
  record Leaf(String name, String value) {}
}
