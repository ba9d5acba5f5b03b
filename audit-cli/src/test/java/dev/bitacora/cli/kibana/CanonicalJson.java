package dev.bitacora.cli.kibana;

import dev.bitacora.core.json.JsonWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** JSON as our source files have it: names in order, two spaces a level, one value a line. */
final class CanonicalJson {
  private CanonicalJson() {}

  static String of(Object value) {
    return text(value, "\n");
  }

  private static String text(Object value, String lineStart) {
    String inner = lineStart + "  ";
    if (value instanceof Map<?, ?> object && !object.isEmpty()) {
      return new TreeMap<>(Tree.map(object))
          .entrySet().stream()
              .map(m -> inner + JsonWriter.toText(m.getKey()) + ": " + text(m.getValue(), inner))
              .collect(Collectors.joining(",", "{", lineStart + "}"));
    }
    if (value instanceof List<?> list && !list.isEmpty()) {
      return list.stream()
          .map(element -> inner + text(element, inner))
          .collect(Collectors.joining(",", "[", lineStart + "]"));
    }
    return JsonWriter.toText(value);
  }
}
