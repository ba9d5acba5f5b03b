package dev.bitacora.cli.kibana;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Ways through JSON that was read into maps and lists. */
final class Tree {
  private Tree() {}

  @SuppressWarnings("unchecked") // JsonTree makes no other map
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked") // a list of JSON objects, by the caller's knowledge of the format
  static List<Map<String, Object>> maps(Object value) {
    return (List<Map<String, Object>>) value;
  }

  @SuppressWarnings("unchecked") // a list of texts, by the caller's knowledge of the format
  static List<String> texts(Object value) {
    return (List<String>) value;
  }

  /** The value at the end of a path of names, or null. */
  static Object at(Object value, String... path) {
    for (String name : path) {
      value = value instanceof Map<?, ?> object ? object.get(name) : null;
    }
    return value;
  }

  /** Every name and value of every object inside. */
  static void walk(Object value, BiConsumer<String, Object> visitor) {
    if (value instanceof Map<?, ?> object) {
      object.forEach(
          (name, member) -> {
            visitor.accept((String) name, member);
            walk(member, visitor);
          });
    } else if (value instanceof List<?> elements) {
      elements.forEach(element -> walk(element, visitor));
    }
  }
}
