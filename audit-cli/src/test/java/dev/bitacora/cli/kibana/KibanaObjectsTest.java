package dev.bitacora.cli.kibana;

import static dev.bitacora.cli.kibana.Tree.at;
import static dev.bitacora.cli.kibana.Tree.map;
import static dev.bitacora.cli.kibana.Tree.maps;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Form and links of Kibana's objects: what can be known of them without a Kibana. */
class KibanaObjectsTest {
  private static final Path SOURCES = Path.of(System.getProperty("bitacora.root"), "elk", "kibana");

  /** What Kibana 8.17 writes when it exports an object of each type. */
  private static final Map<String, String> TYPE_VERSIONS_OF_8_17 =
      Map.of("dashboard", "10.2.0", "search", "10.5.0", "index-pattern", "8.0.0", "tag", "8.0.0");

  private static final Map<String, List<String>> REQUIRED_ATTRIBUTES =
      Map.of(
          "dashboard", List.of("title", "panelsJSON", "optionsJSON", "timeFrom", "timeTo"),
          "search", List.of("title", "columns", "sort", "kibanaSavedObjectMeta"),
          "index-pattern", List.of("title", "name", "timeFieldName"),
          "tag", List.of("name", "color", "description"));

  @Test
  void sources_areTheFilesOfTheFolder() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              KibanaObjects.IDS.stream().map(id -> id + ".json").toList());
    }
    assertThat(KibanaObjects.IDS)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("audit-[a-z0-9-]+"))
        .allSatisfy(id -> assertThat(KibanaObjects.source(id)).containsEntry("id", id));
  }

  @Test
  void sources_areWrittenInOneWay() throws IOException {
    for (String id : KibanaObjects.IDS) {
      assertThat(SOURCES.resolve(id + ".json"))
          .content()
          .isEqualTo(CanonicalJson.of(KibanaObjects.source(id)) + "\n");
    }
  }

  @Test
  void objects_areOfKnownTypesWithTheirRequiredAttributes() {
    assertThat(Sources.all())
        .allSatisfy(
            object ->
                assertThat(map(object.get("attributes")))
                    .containsKeys(
                        REQUIRED_ATTRIBUTES.get(object.get("type")).toArray(String[]::new)));
  }

  @Test
  void objects_sayTheVersionsOfTheBaselineAndNothingOfTheirMaking() {
    assertThat(KibanaObjects.BASELINE).hasToString("8.17");
    for (Map<String, Object> object : Sources.all()) {
      assertThat(object)
          .containsOnlyKeys(
              "id",
              "type",
              "attributes",
              "references",
              "coreMigrationVersion",
              "typeMigrationVersion")
          .containsEntry("coreMigrationVersion", "8.8.0")
          .containsEntry("typeMigrationVersion", TYPE_VERSIONS_OF_8_17.get(object.get("type")));
    }
  }

  @Test
  void ndjson_isOneObjectALineAndTheSameEveryTime() throws MalformedJsonException {
    assertThat(KibanaObjects.ndjson()).isEqualTo(KibanaObjects.ndjson());
    List<String> lines = lines();
    assertThat(lines).hasSize(KibanaObjects.IDS.size());
    for (int i = 0; i < lines.size(); i++) {
      assertThat(read(lines.get(i))).containsEntry("id", KibanaObjects.IDS.get(i));
    }
  }

  @Test
  void ndjson_holdsTheSourceWhenItsTextsAreReadAgain() throws MalformedJsonException {
    Map<String, Object> line = read(lines().get(KibanaObjects.IDS.indexOf("audit-overview")));
    for (String[] text :
        List.of(
            new String[] {"attributes", "panelsJSON"},
            new String[] {"attributes", "optionsJSON"},
            new String[] {"attributes", "kibanaSavedObjectMeta", "searchSourceJSON"},
            new String[] {"attributes", "controlGroupInput", "panelsJSON"},
            new String[] {"attributes", "controlGroupInput", "ignoreParentSettingsJSON"})) {
      assertThat(at(line, text)).as(String.join(".", text)).isInstanceOf(String.class);
      assertThat(JsonTree.read(((String) at(line, text)).getBytes(StandardCharsets.UTF_8)))
          .isEqualTo(at(KibanaObjects.source("audit-overview"), text));
    }
    Map<String, Object> view = read(lines().get(KibanaObjects.IDS.indexOf("audit-events")));
    assertThat(at(view, "attributes", "fieldFormatMap"))
        .isInstanceOf(String.class)
        .asString()
        .startsWith("{\"event.duration\":");
  }

  @Test
  void references_leadToObjectsOfOursAndEveryObjectIsUsed() {
    Set<String> known = new HashSet<>();
    Set<String> used = new TreeSet<>();
    for (Map<String, Object> object : Sources.all()) {
      for (Map<String, Object> reference : maps(object.get("references"))) {
        assertThat(known)
            .as("%s refers to what is imported before it", object.get("id"))
            .contains(typeAndId(reference));
        used.add(typeAndId(reference));
      }
      known.add(typeAndId(object));
    }
    // A dashboard and a search are opened by people; the rest is there for others.
    known.removeIf(name -> name.startsWith("dashboard ") || name.startsWith("search "));
    assertThat(used).containsAll(known);
  }

  @Test
  void references_ofPanelsAndControlsStandAtTheTopUnderTheirPrefix() {
    Set<String> expected = new TreeSet<>(Set.of("tag-ref-audit-tag tag audit-tag"));
    for (Panel panel : Panel.ofDashboard()) {
      if (panel.type().equals("lens")) {
        Set<String> inner = new TreeSet<>();
        for (Map<String, Object> reference : maps(panel.lens().get("references"))) {
          expected.add(panel.id() + ":" + reference.get("name") + " " + typeAndId(reference));
          inner.add((String) reference.get("name"));
        }
        assertThat(inner)
            .as("%s", panel)
            .containsExactlyInAnyOrderElementsOf(
                panel.layers().keySet().stream()
                    .map(layer -> "indexpattern-datasource-layer-" + layer)
                    .toList());
      } else {
        assertThat(panel.source()).containsEntry("panelRefName", "panel_" + panel.id());
        expected.add(panel.id() + ":panel_" + panel.id() + " search audit-latest-events");
      }
    }
    Sources.controls()
        .keySet()
        .forEach(
            id ->
                expected.add(
                    "controlGroup_" + id + ":optionsListDataView index-pattern audit-events"));
    Map<String, Object> dashboard = KibanaObjects.source(KibanaObjects.DASHBOARD);
    assertThat(maps(dashboard.get("references")))
        .extracting(reference -> reference.get("name") + " " + typeAndId(reference))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void references_ofSearchesNameTheirDataView() {
    for (Map<String, Object> search : Sources.ofType("search")) {
      Object name =
          at(search, "attributes", "kibanaSavedObjectMeta", "searchSourceJSON", "indexRefName");
      assertThat(maps(search.get("references")))
          .filteredOn(reference -> reference.get("type").equals("index-pattern"))
          .singleElement()
          .extracting(reference -> reference.get("name"))
          .isEqualTo(name);
    }
  }

  @Test
  void grid_isFilledWithoutOverlapsAndGaps() {
    List<Panel> panels = Panel.ofDashboard();
    assertThat(panels).extracting(Panel::id).doesNotHaveDuplicates();
    for (Panel panel : panels) {
      assertThat(at(panel.source(), "gridData", "i")).isEqualTo(panel.id());
      assertThat(panel.grid("x")).isNotNegative();
      assertThat(panel.grid("x") + panel.grid("w")).as("%s", panel).isLessThanOrEqualTo(48);
      assertThat(panels)
          .filteredOn(other -> !other.equals(panel) && other.overlaps(panel))
          .as("what overlaps %s", panel)
          .isEmpty();
      assertThat(panel.grid("y")).as("%s", panel).isEqualTo(panel.restsOn(panels));
    }
  }

  @Test
  void panels_areLensOrSearchesAndNothingNamesAPlace() {
    assertThat(Panel.ofDashboard()).extracting(Panel::type).containsOnly("lens", "search");
    assertThat(new String(KibanaObjects.ndjson(), StandardCharsets.UTF_8))
        .doesNotContain("://", "localhost", "127.0.0.1", "created_by", "updated_at");
  }

  @Test
  void titles_sayWhoseTheyAreAndAreUnique() {
    List<String> titles = new ArrayList<>();
    for (String type : List.of("dashboard", "search")) {
      Sources.ofType(type)
          .forEach(object -> titles.add((String) at(object, "attributes", "title")));
    }
    assertThat(titles)
        .doesNotHaveDuplicates()
        .allMatch(title -> title.startsWith("[Audit] ") || title.startsWith("[Logs] "));
  }

  @Test
  void dataViews_matchTheIndicesOfTheirFamily() {
    assertThat(Sources.ofType("index-pattern"))
        .extracting(view -> at(view, "attributes", "title"))
        .containsExactly("audit-events-*", "audit-logs-*");
  }

  private static List<String> lines() {
    return new String(KibanaObjects.ndjson(), StandardCharsets.UTF_8).lines().toList();
  }

  private static Map<String, Object> read(String line) throws MalformedJsonException {
    return JsonTree.readObject(line.getBytes(StandardCharsets.UTF_8));
  }

  private static String typeAndId(Map<String, Object> object) {
    return object.get("type") + " " + object.get("id");
  }
}
