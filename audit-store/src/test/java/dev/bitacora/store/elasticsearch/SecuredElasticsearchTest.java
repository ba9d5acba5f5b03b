package dev.bitacora.store.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.core.query.Query;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.DeadLetterIndex;
import dev.bitacora.store.Family;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Period;
import dev.bitacora.store.Retention;
import dev.bitacora.store.SearchRequest;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.StoreHealth;
import dev.bitacora.store.TestEvents;
import dev.bitacora.store.Unplaced;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.WriteResult.Status;
import dev.bitacora.testkit.ElasticsearchNode;
import dev.bitacora.testkit.ElasticsearchOptions;
import dev.bitacora.testkit.ElasticsearchUser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The roles of elk/elasticsearch/roles, users and TLS, on a node that insists on them. */
class SecuredElasticsearchTest {
  private static final ElasticsearchUser WRITER =
      new ElasticsearchUser("writer", "writer's password", "bitacora-writer");
  private static final ElasticsearchUser COLLECTOR =
      new ElasticsearchUser(
          "collector", "collector's password", "bitacora-writer", "bitacora-bootstrap");
  private static final ElasticsearchUser ALARMING_COLLECTOR =
      new ElasticsearchUser(
          "alarming",
          "alarming's password",
          "bitacora-writer",
          "bitacora-bootstrap",
          "bitacora-viewer");
  private static final ElasticsearchUser VIEWER =
      new ElasticsearchUser("viewer", "viewer's password", "bitacora-viewer");
  private static final ElasticsearchUser KEEPER =
      new ElasticsearchUser(
          "keeper",
          "keeper's password",
          "bitacora-writer",
          "bitacora-bootstrap",
          "bitacora-retention");
  private static final ElasticsearchUser STATE =
      new ElasticsearchUser("state", "state's password", "bitacora-state");

  private static final NewEvent STORED = TestEvents.event(1, 0);
  private static final String INDEX = STORED.placement(Retention.DEFAULT).index();

  private static ElasticsearchNode node;

  @BeforeAll
  static void startNode() {
    node =
        ElasticsearchNode.start(
            ElasticsearchOptions.secured(
                    Templates.ROLES.stream()
                        .collect(Collectors.toMap(Function.identity(), Templates::role)),
                    WRITER,
                    COLLECTOR,
                    ALARMING_COLLECTOR,
                    VIEWER,
                    KEEPER,
                    STATE)
                .withTls());
    // This distribution takes roles from a file only; the role API lacks a module.
    new ElasticsearchSetup(as(node.admin())).installTemplates();
    try (AuditStore store = open(COLLECTOR)) {
      assertThat(store.write(List.of(STORED))).containsExactly(WriteResult.INDEXED);
    }
  }

  @AfterAll
  static void closeNode() {
    node.close();
  }

  @Test
  void theCollector_makesIndicesAndWrites() {
    NewEvent lastMonth =
        TestEvents.event(2, 0, e -> e.at(TestEvents.NOW.minus(java.time.Duration.ofDays(40))));
    try (AuditStore store = open(COLLECTOR)) {
      assertThat(store.check()).extracting(StoreHealth::up).isEqualTo(true);
      assertThat(store.write(List.of(lastMonth, STORED)))
          .containsExactly(WriteResult.INDEXED, WriteResult.DUPLICATE);
    }
  }

  @Test
  void theCollector_thatMayRead_noticesAForgedId() {
    NewEvent real = TestEvents.event(3, 0);
    NewEvent forged = TestEvents.event(3, 0, e -> e.message("forged"));
    try (AuditStore store = open(ALARMING_COLLECTOR)) {
      assertThat(store.write(List.of(real))).containsExactly(WriteResult.INDEXED);
      assertThat(store.write(List.of(forged)))
          .extracting(WriteResult::status)
          .containsExactly(Status.CONFLICT);
    }
  }

  @Test
  void theCollector_thatMayNotRead_keepsAForgedEventBesideTheRealOne() {
    NewEvent real = TestEvents.event(4, 0);
    NewEvent forged = TestEvents.event(4, 0, e -> e.message("forged"));
    try (AuditStore store = open(COLLECTOR);
        AuditStore viewer = open(VIEWER)) {
      assertThat(store.write(List.of(real, forged)))
          .containsExactly(WriteResult.INDEXED, WriteResult.INDEXED);
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(viewer.get(real.position().eventId(), Query.ALL)).hasSize(2));
    }
  }

  @Test
  void theViewer_readsEverything() {
    try (AuditStore store = open(VIEWER)) {
      assertThat(store.check().up()).isTrue();
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(store.get(STORED.position().eventId(), Query.ALL)).hasSize(1));
      SearchRequest first =
          new SearchRequest(Selection.ALL, SearchRequest.Order.NEWEST_FIRST, 1, Optional.empty());
      Awaitility.await().until(() -> store.search(first).next().isPresent());
      SearchRequest second =
          new SearchRequest(
              Selection.ALL, SearchRequest.Order.NEWEST_FIRST, 1, store.search(first).next());
      assertThat(store.search(second).events()).hasSize(1);
    }
  }

  @Test
  void theViewer_cannotWriteThroughTheStore() {
    try (AuditStore store = open(VIEWER)) {
      WriteResult result = store.write(List.of(TestEvents.event(5, 0))).get(0);
      assertThat(result.status()).isEqualTo(Status.ENVIRONMENT);
      assertThat(result.detail()).contains("403").contains("roles that setup installs");
    }
  }

  @Test
  void theKeeper_countsAndDeletesPeriodsAndWhatIsUnplaced() {
    Instant july = TestEvents.NOW.minus(Duration.ofDays(120));
    NewEvent old = TestEvents.event(7, 0, e -> e.at(july));
    NewEvent wrong = TestEvents.event(7, 1, e -> e.at(Instant.parse("9999-01-01T00:00:00Z")));
    Period period = new Period(Family.EVENTS, old.placement(Retention.DEFAULT).index());
    Unplaced unplaced = new Unplaced(Family.EVENTS, TestEvents.NOW.plusSeconds(1));
    try (AuditStore store = open(KEEPER)) {
      assertThat(store.write(List.of(old, wrong)))
          .containsExactly(WriteResult.INDEXED, WriteResult.INDEXED);
      assertThat(store.periods(Family.EVENTS)).contains(period);
      assertThat(store.count(period, Query.ALL)).isEqualTo(1);
      assertThat(store.delete(unplaced, Query.ALL)).isEqualTo(1);
      store.delete(period);
      assertThat(store.periods(Family.EVENTS)).doesNotContain(period);
    }
  }

  @Test
  void theCollector_withoutTheKeepersRole_deletesNothing_andSaysWhy() {
    Period period = new Period(Family.EVENTS, INDEX);
    try (AuditStore store = open(ALARMING_COLLECTOR)) {
      assertThat(store.periods(Family.EVENTS)).contains(period);
      assertThatThrownBy(() -> store.delete(period))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("deleting " + INDEX)
          .hasMessageContaining("roles that setup installs");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT    | /{index}/_doc/{id}              | {\"message\": \"overwritten\"}",
        "POST   | /{index}/_update/{id}           | {\"doc\": {\"message\": \"changed\"}}",
        "DELETE | /{index}/_doc/{id}              |",
        "PUT    | /{index}/_mapping               | {\"properties\": {\"x\": {\"type\": \"long\"}}}",
        "DELETE | /bitacora-state                 |",
        "DELETE | /other                          |",
      })
  void theKeeper_changesNoEvent(String method, String path, String body) throws Exception {
    assertThat(status(KEEPER, method, fill(path), fill(body))).isEqualTo(403);
  }

  @Test
  void theStateRole_keepsStateAndNothingElse() throws Exception {
    try (ElasticsearchStateStore state = new ElasticsearchStateStore(as(STATE))) {
      state.start();
      assertThat(
              state.put(
                  dev.bitacora.store.state.StateStore.Kind.USER,
                  "alice",
                  "{}",
                  dev.bitacora.store.state.StateStore.ABSENT))
          .isTrue();
      assertThat(state.list(dev.bitacora.store.state.StateStore.Kind.USER)).hasSize(1);
    }
    assertThat(status(STATE, "POST", "/" + INDEX + "/_search", "{}")).isEqualTo(403);
  }

  @Test
  void theStateRole_keepsTheIndexOfDeadLetters() {
    try (ElasticsearchDeadLetterIndex index = new ElasticsearchDeadLetterIndex(as(STATE))) {
      index.start();
      index.put(
          List.of(
              new DeadLetterIndex.Entry(
                  "0-1", "too-large", "", Optional.empty(), 1, 1, 0, Instant.now())));
      index.remove(List.of("0-1"));
      index.forEachId(id -> {});
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST   | /{index}/_update/{id}           | {\"doc\": {\"message\": \"changed\"}}",
        "PUT    | /{index}/_doc/{id}              | {\"message\": \"overwritten\"}",
        "DELETE | /{index}/_doc/{id}              |",
        "DELETE | /{index}                        |",
        "GET    | /{index}/_doc/{id}              |",
        "POST   | /{index}/_search                | {}",
        "POST   | /audit-events-1999.01/_search   | {}",
        "PUT    | /{index}/_mapping               | {\"properties\": {\"x\": {\"type\": \"long\"}}}",
        "PUT    | /{index}/_settings              | {\"index.refresh_interval\": \"5s\"}",
        "PUT    | /audit-events-1999.01           | {}",
        "PUT    | /other/_create/1                | {}",
        "POST   | /_aliases                       | {\"actions\": [{\"add\": {\"index\": \"{index}\", \"alias\": \"a\"}}]}",
        "GET    | /_cluster/settings              |",
        "PUT    | /_index_template/bitacora-audit | {\"index_patterns\": [\"audit-*\"]}",
      })
  void theWriter_mayOnlyCreate(String method, String path, String body) throws Exception {
    assertThat(status(WRITER, method, fill(path), fill(body))).isEqualTo(403);
  }

  @Test
  void theWriter_cannotOverwriteOrDeleteThroughABulk() throws Exception {
    for (String action : List.of("index", "delete", "update")) {
      String line = fill("{\"%s\":{\"_index\":\"{index}\",\"_id\":\"{id}\"}}\n".formatted(action));
      String source =
          switch (action) {
            case "index" -> "{\"message\":\"overwritten\"}\n";
            case "update" -> "{\"doc\":{\"message\":\"changed\"}}\n";
            default -> "";
          };
      assertThat(answer(WRITER, "POST", "/_bulk", line + source))
          .as(action)
          .contains("\"status\":403")
          .doesNotContain("\"status\":20");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT    | /{index}/_create/new            | {}",
        "PUT    | /{index}/_doc/{id}              | {\"message\": \"overwritten\"}",
        "POST   | /{index}/_update/{id}           | {\"doc\": {\"message\": \"changed\"}}",
        "DELETE | /{index}/_doc/{id}              |",
        "DELETE | /{index}                        |",
        "PUT    | /audit-events-1999.01           | {}",
        "PUT    | /{index}/_mapping               | {\"properties\": {\"x\": {\"type\": \"long\"}}}",
        "GET    | /_cluster/settings              |",
        "GET    | /_cluster/health                |",
        "POST   | /bitacora-state/_search         | {}",
        "PUT    | /_index_template/bitacora-audit | {\"index_patterns\": [\"audit-*\"]}",
      })
  void theViewer_mayOnlyRead(String method, String path, String body) throws Exception {
    assertThat(status(VIEWER, method, fill(path), fill(body))).isEqualTo(403);
  }

  @Test
  void aWrongPassword_isSaidInOneSentence() {
    try (AuditStore store =
        open(as(new ElasticsearchUser("collector", "another password", List.of())))) {
      assertThat(store.check())
          .isEqualTo(
              new StoreHealth(
                  false,
                  "Elasticsearch at https://127.0.0.1:"
                      + node.url().getPort()
                      + " refuses the password or key (401); correct the credentials"));
      WriteResult result = store.write(List.of(TestEvents.event(6, 0))).get(0);
      assertThat(result.status()).isEqualTo(Status.ENVIRONMENT);
      assertThat(result.detail()).contains("401").doesNotContain("another password");
      assertThatThrownBy(() -> store.count(Selection.ALL))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("correct the credentials");
    }
  }

  @Test
  void aMissingUser_isSaidInOneSentence() {
    try (AuditStore store = open(ElasticsearchConfig.of(node.url()).withCaFile(node.caFile()))) {
      assertThat(store.check().reason()).contains("wants a user (401); configure a user");
    }
  }

  @Test
  void anUnknownAuthority_isSaidInOneSentence() {
    try (AuditStore store = open(ElasticsearchConfig.of(node.url()))) {
      StoreHealth health = store.check();
      assertThat(health.up()).isFalse();
      assertThat(health.reason())
          .contains("has a certificate that no authority known to this JVM vouches for")
          .contains("give the PEM file");
    }
  }

  @Test
  void theWrongAuthority_isSaidInOneSentence(@TempDir Path folder) throws Exception {
    Path wrong = folder.resolve("wrong.pem");
    writeSomeAuthority(wrong);
    try (AuditStore store = open(ElasticsearchConfig.of(node.url()).withCaFile(wrong))) {
      assertThat(store.check().reason())
          .contains("has a certificate that the CA file " + wrong + " does not vouch for");
      WriteResult result = store.write(List.of(TestEvents.event(6, 0))).get(0);
      assertThat(result.status()).isEqualTo(Status.ENVIRONMENT);
    }
  }

  @Test
  void aCaFileThatIsMissing_isSaidAtTheStart(@TempDir Path folder) {
    Path missing = folder.resolve("missing.pem");
    assertThatThrownBy(() -> open(ElasticsearchConfig.of(node.url()).withCaFile(missing)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("CA file")
        .hasMessageContaining(missing.toString());
  }

  @Test
  void setup_withoutTheRight_saysWhichObjectAndWhatToDo() {
    assertThatThrownBy(() -> new ElasticsearchSetup(as(VIEWER)).run())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("setup")
        .hasMessageContaining("403");
  }

  /** Any authority of this JVM did not sign the node's certificate. */
  private static void writeSomeAuthority(Path pem) throws Exception {
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    Path cacerts = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
    try (InputStream in = Files.newInputStream(cacerts)) {
      authorities.load(in, null);
    }
    byte[] one = authorities.getCertificate(authorities.aliases().nextElement()).getEncoded();
    Files.writeString(
        pem,
        "-----BEGIN CERTIFICATE-----\n"
            + java.util.Base64.getMimeEncoder().encodeToString(one)
            + "\n-----END CERTIFICATE-----\n");
  }

  private static String fill(String template) {
    return template == null
        ? null
        : template.replace("{index}", INDEX).replace("{id}", STORED.documentId());
  }

  private static ElasticsearchConfig as(ElasticsearchUser user) {
    return ElasticsearchConfig.of(node.url())
        .withUser(user.name(), user.password())
        .withCaFile(node.caFile());
  }

  private static AuditStore open(ElasticsearchUser user) {
    return open(as(user));
  }

  private static AuditStore open(ElasticsearchConfig config) {
    AuditStore store = new ElasticsearchStore(config, Retention.DEFAULT);
    store.start();
    return store;
  }

  private static int status(ElasticsearchUser user, String method, String path, String body)
      throws IOException {
    try (Connection connection = Connection.open(as(user))) {
      return connection
          .rest()
          .performRequest(request(method, path, body))
          .getStatusLine()
          .getStatusCode();
    } catch (ResponseException e) {
      return e.getResponse().getStatusLine().getStatusCode();
    }
  }

  private static String answer(ElasticsearchUser user, String method, String path, String body)
      throws IOException {
    try (Connection connection = Connection.open(as(user))) {
      InputStream content =
          connection.rest().performRequest(request(method, path, body)).getEntity().getContent();
      return new String(content.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  private static Request request(String method, String path, String body) {
    Request request = new Request(method, path);
    if (body != null) {
      request.setJsonEntity(body);
    }
    return request;
  }
}
