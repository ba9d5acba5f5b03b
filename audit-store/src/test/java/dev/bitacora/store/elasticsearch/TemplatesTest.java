package dev.bitacora.store.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.Field;
import dev.bitacora.core.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files below elk/elasticsearch against the one table of fields. */
class TemplatesTest {
  @Test
  void mapping_hasEveryFieldWithItsTypeAndNoOther() throws Exception {
    Map<String, Object> properties =
        object(template("bitacora-audit@mappings"), "mappings", "properties");
    assertThat(properties).isEqualTo(expectedProperties());
  }

  @Test
  void mapping_ignoresWhatItDoesNotKnow_andCarriesItsVersion() throws Exception {
    Map<String, Object> mappings = object(template("bitacora-audit@mappings"), "mappings");
    assertThat(mappings).containsEntry("dynamic", false);
    assertThat(mappings.get("_meta"))
        .isEqualTo(Map.of("product", "bitacora", "version", Templates.VERSION));
  }

  @Test
  void settings_syncEveryRequest_andRefreshEachSecond() throws Exception {
    Map<String, Object> index = object(template("bitacora-audit@settings"), "settings", "index");
    assertThat(index).containsEntry("refresh_interval", "1s");
    assertThat(index.get("translog")).isEqualTo(Map.of("durability", "request"));
  }

  @Test
  void indexTemplate_coversOurIndices_andForbidsElasticsearchToMakeThem() throws Exception {
    Map<String, Object> template = read(Templates.indexTemplate());
    assertThat(template)
        .containsEntry("index_patterns", List.of("audit-events-*", "audit-logs-*"))
        .containsEntry("allow_auto_create", false)
        .containsEntry(
            "composed_of",
            List.of("bitacora-audit@mappings", "bitacora-audit@settings", Templates.CUSTOM));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bitacora-audit@mappings", "bitacora-audit@settings"})
  void eachTemplateOfOurs_carriesTheVersion(String name) throws Exception {
    assertThat(object(read(Templates.component(name)), "_meta"))
        .containsEntry("version", Templates.VERSION);
    assertThat(object(read(Templates.indexTemplate()), "_meta"))
        .containsEntry("version", Templates.VERSION);
  }

  private static Map<String, Object> expectedProperties() {
    Map<String, Object> root = new LinkedHashMap<>();
    for (Field field : EventSchema.fields()) {
      Map<String, Object> properties = root;
      List<String> path = field.path();
      for (String name : path.subList(0, path.size() - 1)) {
        properties = child(child(properties, name), "properties");
      }
      properties.put(path.get(path.size() - 1), expectedMapping(field));
    }
    return root;
  }

  @SuppressWarnings("unchecked") // only this method and its callers put into these maps
  private static Map<String, Object> child(Map<String, Object> parent, String name) {
    return (Map<String, Object>) parent.computeIfAbsent(name, ignored -> new LinkedHashMap<>());
  }

  private static Map<String, Object> expectedMapping(Field field) {
    if (field.name().equals("event.original")) {
      return Map.of("type", "keyword", "index", false, "doc_values", false);
    }
    String type = field.type().mapping();
    return switch (field.type()) {
      case KEYWORD -> Map.of("type", type, "ignore_above", (long) EventSchema.IGNORE_ABOVE);
      case FLATTENED ->
          Map.of(
              "type",
              type,
              "depth_limit",
              (long) JsonTree.MAX_DEPTH,
              "ignore_above",
              (long) EventSchema.FLATTENED_IGNORE_ABOVE);
      case STORED -> Map.of("type", type, "enabled", false);
      case TEXT, DATE, LONG, IP -> Map.of("type", type);
    };
  }

  private static Map<String, Object> template(String component) throws Exception {
    return object(read(Templates.component(component)), "template");
  }

  private static Map<String, Object> read(String json) throws Exception {
    return JsonTree.readObject(json.getBytes(StandardCharsets.UTF_8));
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static Map<String, Object> object(Map<String, Object> tree, String... path) {
    Object value = tree;
    for (String name : path) {
      value = ((Map<String, Object>) value).get(name);
    }
    return (Map<String, Object>) value;
  }
}
