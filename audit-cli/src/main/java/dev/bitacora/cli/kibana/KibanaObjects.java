package dev.bitacora.cli.kibana;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The saved objects that are installed. Their sources are {@code elk/kibana/<id>.json}, one object
 * a file, with every attribute in the open; Kibana wants some attributes as text that is JSON, and
 * {@link #ndjson()} makes it so. The same sources give the same bytes.
 */
final class KibanaObjects {
  /** Where the objects were made, and the oldest Kibana that takes them. */
  static final KibanaVersion BASELINE = new KibanaVersion(8, 17);

  /** In the order of import: what is referred to comes first. */
  static final List<String> IDS =
      List.of(
          "audit-tag",
          "audit-events",
          "audit-logs",
          "audit-latest-events",
          "audit-failures",
          "audit-log-errors",
          "audit-overview");

  static final String DASHBOARD = "audit-overview";

  /** Attributes that Kibana keeps as text beside those whose name ends with JSON. */
  private static final Set<String> TEXT_ATTRIBUTES =
      Set.of("fieldAttrs", "fieldFormatMap", "fields", "runtimeFieldMap", "sourceFilters");

  private KibanaObjects() {}

  /** One object a line, as the import takes them. */
  static byte[] ndjson() {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (String id : IDS) {
      lines.writeBytes(JsonWriter.toBytes(importable(source(id))));
      lines.write('\n');
    }
    return lines.toByteArray();
  }

  /** An object as its source file has it. */
  static Map<String, Object> source(String id) {
    String resource = id + ".json";
    try (InputStream in = KibanaObjects.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("this jar was built without elk/kibana/" + resource);
      }
      return JsonTree.readObject(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + resource + " from the jar", e);
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("elk/kibana/" + resource + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> importable(Map<String, Object> source) {
    Map<String, Object> object = new LinkedHashMap<>(source);
    object.computeIfPresent("attributes", (name, attributes) -> stringified(attributes));
    return object;
  }

  private static Object stringified(Object value) {
    if (!(value instanceof Map<?, ?> attributes)) {
      return value;
    }
    Map<String, Object> result = new LinkedHashMap<>();
    attributes.forEach(
        (key, attribute) -> {
          String name = (String) key;
          result.put(name, isText(name) ? JsonWriter.toText(attribute) : stringified(attribute));
        });
    return result;
  }

  private static boolean isText(String attribute) {
    return attribute.endsWith("JSON") || TEXT_ATTRIBUTES.contains(attribute);
  }
}
