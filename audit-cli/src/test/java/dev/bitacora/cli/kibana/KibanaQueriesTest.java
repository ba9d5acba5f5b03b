package dev.bitacora.cli.kibana;

import static dev.bitacora.cli.kibana.Tree.at;
import static dev.bitacora.cli.kibana.Tree.map;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.event.Actions;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.Field;
import dev.bitacora.core.event.Outcome;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.testkit.SharedEngines;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The dashboard's questions, put to a real Elasticsearch with our mapping: what Lens would ask
 * gives what plain counting gives.
 */
class KibanaQueriesTest {
  private static final Path MAPPINGS =
      Path.of(
          System.getProperty("bitacora.root"),
          "elk/elasticsearch/component-templates/bitacora-audit@mappings.json");
  private static final String INDEX = "kibana-queries";
  private static final List<String> ACTIONS =
      List.of(
          "invoice.create",
          "invoice.approve",
          "invoice.reject",
          Actions.AUTHN_LOGIN_FAIL,
          Actions.USER_CREATED,
          Actions.AUTHZ_CHANGE);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final List<AuditEvent> EVENTS = events();

  @BeforeAll
  static void index() throws Exception {
    Object mappings = at(JsonTree.readObject(Files.readAllBytes(MAPPINGS)), "template", "mappings");
    send("PUT", "/" + INDEX, JsonWriter.toText(Map.of("mappings", mappings)));
    StringBuilder bulk = new StringBuilder();
    EVENTS.forEach(
        event ->
            bulk.append("{\"create\":{}}\n").append(new String(event.bytes(), UTF_8)).append('\n'));
    Map<String, Object> answer = send("POST", "/" + INDEX + "/_bulk?refresh=true", bulk.toString());
    assertThat(answer).containsEntry("errors", false);
  }

  @Test
  void panels_askWhatPlainCountingAnswers() throws Exception {
    Kql dashboard = Kql.parse(query(KibanaObjects.source(KibanaObjects.DASHBOARD)));
    List<AuditEvent> selected = EVENTS.stream().filter(dashboard::matches).toList();
    assertThat(selected).hasSizeLessThan(EVENTS.size());
    for (Panel panel : Panel.lensOfDashboard()) {
      LensLayer layer = new LensLayer(panel.layers().get("events"));
      Map<String, Object> answer =
          send(
              "POST",
              "/" + INDEX + "/_search",
              JsonWriter.toText(layer.request(dashboard.query())));
      assertThat(layer.rows(answer))
          .as("%s", panel)
          .isNotEmpty()
          .containsExactlyInAnyOrderEntriesOf(layer.count(selected));
    }
  }

  @Test
  void searches_findWhatTheySayAndCanSortIt() throws Exception {
    for (String id : List.of("audit-latest-events", "audit-failures", "audit-log-errors")) {
      Kql query = Kql.parse(query(KibanaObjects.source(id)));
      Map<String, Object> answer =
          send(
              "POST",
              "/" + INDEX + "/_search",
              JsonWriter.toText(
                  Map.of(
                      "query", query.query(),
                      "sort", List.of(Map.of("@timestamp", "desc")),
                      "track_total_hits", true)));
      long expected = EVENTS.stream().filter(query::matches).count();
      assertThat(expected).as(id).isPositive();
      assertThat(at(answer, "hits", "total", "value")).as(id).isEqualTo(expected);
    }
  }

  @Test
  void fields_areMappedAsTheSchemaSays() throws Exception {
    Set<String> fields = new TreeSet<>();
    for (String id : KibanaObjects.IDS) {
      Tree.walk(
          KibanaObjects.source(id),
          (name, value) -> {
            switch (name) {
              case "sourceField", "fieldName", "timeFieldName" -> fields.add((String) value);
              case "query" ->
                  fields.addAll(
                      value instanceof String kql ? Kql.parse(kql).clauses().keySet() : Set.of());
              default -> {}
            }
          });
      if (at(KibanaObjects.source(id), "type").equals("search")) {
        fields.addAll(Tree.texts(at(KibanaObjects.source(id), "attributes", "columns")));
      }
    }
    fields.remove("___records___");
    Object properties =
        at(JsonTree.readObject(Files.readAllBytes(MAPPINGS)), "template", "mappings");
    assertThat(fields).hasSizeGreaterThan(10);
    for (String field : fields) {
      Field known = EventSchema.field(field).orElseThrow();
      Object mapped = properties;
      for (String name : known.path()) {
        mapped = at(mapped, "properties", name);
      }
      assertThat(at(mapped, "type")).as(field).isEqualTo(known.type().mapping());
    }
  }

  private static String query(Map<String, Object> object) {
    return (String)
        at(object, "attributes", "kibanaSavedObjectMeta", "searchSourceJSON", "query", "query");
  }

  /** Some hours of events and log lines, with every outcome, some of them privileged. */
  private static List<AuditEvent> events() {
    List<AuditEvent> events = new ArrayList<>();
    Instant start = Instant.parse("2026-11-20T08:10:00Z");
    for (int i = 0; i < 120; i++) {
      events.add(
          AuditEvent.builder(ACTIONS.get(i % ACTIONS.size()))
              .at(start.plus(Duration.ofMinutes(3L * i)))
              .message("event " + i)
              .outcome(
                  i % 7 == 0 ? Outcome.FAILURE : i % 11 == 0 ? Outcome.UNKNOWN : Outcome.SUCCESS)
              .set("user.id", "user-" + i % 8)
              .set("service.name", i % 3 == 0 ? "api" : "batch")
              .set("service.environment", "prd")
              .build());
    }
    for (String level : List.of("INFO", "WARN", "ERROR")) {
      events.add(
          AuditEvent.builder(Dataset.LOG)
              .at(start)
              .message("a line at " + level)
              .set("log.level", level)
              .set("user.id", "system")
              .set("service.name", "api")
              .set("service.environment", "prd")
              .build());
    }
    return events;
  }

  private static Map<String, Object> send(String method, String path, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(SharedEngines.elasticsearch().url().resolve(path))
            .header(
                "Content-Type",
                path.contains("_bulk") ? "application/x-ndjson" : "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    HttpResponse<byte[]> answer = CLIENT.send(request, BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
    return map(JsonTree.readObject(answer.body()));
  }
}
