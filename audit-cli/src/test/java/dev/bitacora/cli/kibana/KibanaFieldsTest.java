package dev.bitacora.cli.kibana;

import static dev.bitacora.cli.kibana.Tree.at;
import static dev.bitacora.cli.kibana.Tree.map;
import static dev.bitacora.cli.kibana.Tree.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.event.Actions;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.Field;
import dev.bitacora.core.event.FieldType;
import dev.bitacora.core.event.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every field and value that Kibana's objects name exists, and its type can answer what is asked of
 * it.
 */
class KibanaFieldsTest {
  private static final Set<FieldType> IN_BUCKETS =
      Set.of(FieldType.KEYWORD, FieldType.IP, FieldType.LONG);

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
    for (Map<String, Object> search : Sources.ofType("search")) {
      assertThat(texts(at(search, "attributes", "columns")))
          .isNotEmpty()
          .allSatisfy(
              column -> assertThat(schemaField(column).type()).isNotEqualTo(FieldType.STORED));
    }
    Sources.controls()
        .values()
        .forEach(
            control ->
                assertThat(schemaField((String) at(control, "explicitInput", "fieldName")).type())
                    .isEqualTo(FieldType.KEYWORD));
    for (Map<String, Object> view : Sources.ofType("index-pattern")) {
      assertThat(schemaField((String) at(view, "attributes", "timeFieldName")).type())
          .isEqualTo(FieldType.DATE);
      assertThat(map(at(view, "attributes", "fieldFormatMap")).keySet())
          .allSatisfy(KibanaFieldsTest::schemaField);
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

  private static Field schemaField(String name) {
    return EventSchema.field(name)
        .orElseThrow(() -> new AssertionError("no field of an event is called " + name));
  }

  /** Every query in every object. */
  private static List<String> queries() {
    List<String> queries = new ArrayList<>();
    for (Map<String, Object> object : Sources.all()) {
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
