package dev.bitacora.store.elasticsearch;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a new index would be like, as Elasticsearch simulates it from all templates that match. */
final class NewIndex {
  private final Map<String, Object> simulated;

  private NewIndex(Map<String, Object> simulated) {
    this.simulated = simulated;
  }

  static NewIndex read(InputStream answer) throws IOException {
    try {
      return new NewIndex(JsonTree.readObject(answer.readAllBytes()));
    } catch (MalformedJsonException e) {
      throw new IOException("Elasticsearch answers no JSON: " + e.getMessage(), e);
    }
  }

  /** How it differs from what we need, and what to do; empty when it does not. */
  Optional<String> trouble() {
    if (text("template", "mappings", "_meta", "version").isEmpty()) {
      return Optional.of(
          "its mapping is not ours: a template of higher priority comes first"
              + others()
              + "; narrow its patterns or lower its priority below 500");
    }
    if (!text("template", "mappings", "dynamic").equals("false")) {
      return Optional.of("dynamic is not false: take it out of " + Templates.CUSTOM);
    }
    String durability = text("template", "settings", "index", "translog", "durability");
    if (!durability.equals("request")) {
      return Optional.of(
          "translog.durability is "
              + durability
              + ", with which a power cut loses confirmed events: take it out of "
              + Templates.CUSTOM);
    }
    return Optional.empty();
  }

  private String others() {
    if (!(simulated.get("overlapping") instanceof List<?> overlapping) || overlapping.isEmpty()) {
      return "";
    }
    return overlapping.stream()
        .map(other -> String.valueOf(((Map<?, ?>) other).get("name")))
        .collect(Collectors.joining(", ", " (beside it: ", ")"));
  }

  /** What stands at the end of this path, or nothing. */
  private String text(String... path) {
    Object here = simulated;
    for (String name : path) {
      here = here instanceof Map<?, ?> object ? object.get(name) : null;
    }
    return here == null ? "" : here.toString();
  }
}
