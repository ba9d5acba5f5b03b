package dev.bitacora.store.elasticsearch;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is installed into Elasticsearch: the files of {@code elk/elasticsearch}. */
final class Templates {
  /**
   * The format of our indices: {@code _meta.version} of the templates and of each index's mapping.
   * Raised when a mapping changes.
   */
  static final long VERSION = 1;

  static final String INDEX_TEMPLATE = "bitacora-audit";
  static final String CUSTOM = "bitacora-audit@custom";

  /** Ours: put again at every setup. */
  static final List<String> COMPONENTS =
      List.of("bitacora-audit@mappings", "bitacora-audit@settings");

  /** An index of each kind that our template is for. */
  static final List<String> EXAMPLES = List.of("audit-events-2000.01", "audit-logs-2000.01.01");

  static final List<String> ROLES =
      List.of(
          "bitacora-bootstrap",
          "bitacora-retention",
          "bitacora-state",
          "bitacora-viewer",
          "bitacora-writer");

  private Templates() {}

  static String component(String name) {
    return read("component-templates/" + name + ".json");
  }

  /** The body of a request for an index that is mapped as our template maps it. */
  static String mappedIndex() {
    try {
      byte[] component = component("bitacora-audit@mappings").getBytes(StandardCharsets.UTF_8);
      return JsonWriter.toText(JsonTree.readObject(component).get("template"));
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("the program was built with a broken template", e);
    }
  }

  static String indexTemplate() {
    return read("index-templates/" + INDEX_TEMPLATE + ".json");
  }

  static String role(String name) {
    return read("roles/" + name + ".json");
  }

  static String stateIndex() {
    return read("bitacora-state.json");
  }

  static String deadLetterIndex() {
    return read("bitacora-deadletters.json");
  }

  private static String read(String path) {
    try (InputStream in = Templates.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without elk/elasticsearch/" + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path, e);
    }
  }
}
