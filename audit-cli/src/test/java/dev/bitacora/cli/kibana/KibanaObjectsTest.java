package dev.bitacora.cli.kibana;

import static dev.bitacora.cli.kibana.Tree.at;
import static dev.bitacora.cli.kibana.Tree.map;
import static dev.bitacora.cli.kibana.Tree.maps;
import static dev.bitacora.cli.kibana.Tree.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.event.Actions;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.Field;
import dev.bitacora.core.event.FieldType;
import dev.bitacora.core.event.Outcome;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be known of Kibana's objects without a Kibana. */
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

  private static final Set<FieldType> IN_BUCKETS =
      Set.of(FieldType.KEYWORD, FieldType.IP, FieldType.LONG);

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
    assertThat(objects())
        .allSatisfy(
            object ->
                assertThat(map(object.get("attributes")))
                    .containsKeys(
                        REQUIRED_ATTRIBUTES.get(object.get("type")).toArray(String[]::new)));
  }

  @Test
  void objects_sayTheVersionsOfTheBaselineAndNothingOfTheirMaking() {
    assertThat(KibanaObjects.BASELINE).hasToString("8.17");
    for (Map<String, Object> object : objects()) {
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
    for (Map<String, Object> object : objects()) {
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
    controls()
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
    for (Map<String, Object> search : ofType("search")) {
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
  void lens_ordersItsColumnsAndSpeaksOnlyOfThem() {
    for (Panel panel : Panel.lensOfDashboard()) {
      panel
          .layers()
          .values()
          .forEach(
              layer ->
                  assertThat(texts(at(layer, "columnOrder")))
                      .as("%s", panel)
                      .containsExactlyInAnyOrderElementsOf(map(at(layer, "columns")).keySet()));
      assertThat(panel.columns().keySet()).as("%s", panel).containsAll(panel.columnsSpokenOf());
      assertThat(panel.columnsSpokenOf())
          .as("%s shows every column", panel)
          .containsAll(panel.columns().keySet());
    }
  }

  @Test
  void lens_asksOfEachFieldWhatItsTypeCanAnswer() {
    for (Panel panel : Panel.lensOfDashboard()) {
      panel.columns().forEach((id, column) -> requireAnswerable(panel + ", column " + id, column));
    }
  }

  private static void requireAnswerable(String where, Map<String, Object> column) {
    String operation = (String) column.get("operationType");
    String field = (String) column.get("sourceField");
    switch (operation) {
      case "terms", "unique_count" ->
          assertThat(IN_BUCKETS).as(where).contains(schemaField(field).type());
      case "date_histogram" ->
          assertThat(schemaField(field).type()).as(where).isEqualTo(FieldType.DATE);
      case "count" -> assertThat(field).as(where).isEqualTo("___records___");
      case "formula", "math" -> assertThat(field).as(where).isNull();
      default -> throw new AssertionError(where + ": operation " + operation + " is not checked");
    }
  }

  @Test
  void formulas_sayWhatTheirPartsCompute() {
    Map<String, Map<String, Object>> columns =
        Panel.lensOfDashboard().stream()
            .filter(panel -> panel.id().equals("failure-rate"))
            .findFirst()
            .orElseThrow()
            .columns();
    String formula = (String) at(columns.get("rate"), "params", "formula");
    String filter = (String) at(columns.get("rateX0"), "filter", "query");
    assertThat(formula).isEqualTo("count(kql='" + filter + "') / count()");
    Object divided = at(columns.get("rateX2"), "params", "tinymathAst");
    assertThat(at(divided, "args")).isEqualTo(List.of("rateX0", "rateX1"));
    assertThat(at(divided, "text")).isEqualTo(formula);
    assertThat(at(divided, "location", "max")).isEqualTo((long) formula.length());
  }

  @Test
  void columnsAndControls_areFieldsThatCanBeShownAndChosen() {
    for (Map<String, Object> search : ofType("search")) {
      assertThat(texts(at(search, "attributes", "columns")))
          .isNotEmpty()
          .allSatisfy(
              column -> assertThat(schemaField(column).type()).isNotEqualTo(FieldType.STORED));
    }
    controls()
        .values()
        .forEach(
            control ->
                assertThat(schemaField((String) at(control, "explicitInput", "fieldName")).type())
                    .isEqualTo(FieldType.KEYWORD));
    for (Map<String, Object> view : ofType("index-pattern")) {
      assertThat(schemaField((String) at(view, "attributes", "timeFieldName")).type())
          .isEqualTo(FieldType.DATE);
      assertThat(map(at(view, "attributes", "fieldFormatMap")).keySet())
          .allSatisfy(KibanaObjectsTest::schemaField);
    }
  }

  @Test
  void queries_nameFieldsAndValuesThatExist() {
    List<String> queries = queries();
    assertThat(queries).hasSizeGreaterThan(5);
    for (String query : queries) {
      Kql.parse(query)
          .clauses()
          .forEach(
              (field, values) -> {
                assertThat(schemaField(field).type()).isEqualTo(FieldType.KEYWORD);
                assertThat(valuesOf(field)).as(query).containsAll(values);
              });
    }
  }

  @Test
  void everythingShown_isLimitedToItsDataset() {
    assertThat(datasetOf(KibanaObjects.source("audit-overview"))).containsExactly("audit");
    assertThat(datasetOf(KibanaObjects.source("audit-latest-events"))).containsExactly("audit");
    assertThat(datasetOf(KibanaObjects.source("audit-failures"))).containsExactly("audit");
    assertThat(datasetOf(KibanaObjects.source("audit-log-errors"))).containsExactly("log");
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
      ofType(type).forEach(object -> titles.add((String) at(object, "attributes", "title")));
    }
    assertThat(titles)
        .doesNotHaveDuplicates()
        .allMatch(title -> title.startsWith("[Audit] ") || title.startsWith("[Logs] "));
  }

  @Test
  void dataViews_matchTheIndicesOfTheirFamily() {
    assertThat(ofType("index-pattern"))
        .extracting(view -> at(view, "attributes", "title"))
        .containsExactly("audit-events-*", "audit-logs-*");
  }

  private static List<Map<String, Object>> objects() {
    return KibanaObjects.IDS.stream().map(KibanaObjects::source).toList();
  }

  private static List<Map<String, Object>> ofType(String type) {
    return objects().stream().filter(object -> object.get("type").equals(type)).toList();
  }

  private static Map<String, Object> controls() {
    Map<String, Object> dashboard = KibanaObjects.source(KibanaObjects.DASHBOARD);
    return map(at(dashboard, "attributes", "controlGroupInput", "panelsJSON"));
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

  private static Field schemaField(String name) {
    return EventSchema.field(name)
        .orElseThrow(() -> new AssertionError("no field of an event is called " + name));
  }

  /** Every query in every object. */
  private static List<String> queries() {
    List<String> queries = new ArrayList<>();
    for (Map<String, Object> object : objects()) {
      Tree.walk(
          object,
          (name, value) -> {
            if (at(value, "language") != null) {
              assertThat(at(value, "language")).isEqualTo("kuery");
              queries.add((String) at(value, "query"));
            }
          });
    }
    return queries;
  }

  private static List<String> datasetOf(Map<String, Object> object) {
    Object query =
        at(object, "attributes", "kibanaSavedObjectMeta", "searchSourceJSON", "query", "query");
    return Kql.parse((String) query).clauses().get("event.dataset");
  }

  private static Set<String> valuesOf(String field) {
    return switch (field) {
      case "event.action" -> constants();
      case "event.outcome" -> setOf(Arrays.stream(Outcome.values()).map(Outcome::text));
      case "event.dataset" -> setOf(Arrays.stream(Dataset.values()).map(Dataset::text));
      case "log.level" -> Set.of("ERROR", "WARN");
      default -> throw new AssertionError("no list of values for " + field + " in this test");
    };
  }

  private static Set<String> setOf(Stream<String> values) {
    return new TreeSet<>(values.toList());
  }

  private static Set<String> constants() {
    Map<String, String> actions = new LinkedHashMap<>();
    for (java.lang.reflect.Field constant : Actions.class.getFields()) {
      try {
        actions.put(constant.getName(), (String) constant.get(null));
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
    return new TreeSet<>(actions.values());
  }
}
