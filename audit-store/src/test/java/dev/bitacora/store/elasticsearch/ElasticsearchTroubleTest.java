package dev.bitacora.store.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.store.AuditStore;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Retention;
import dev.bitacora.store.SearchPage;
import dev.bitacora.store.SearchRequest;
import dev.bitacora.store.SearchRequest.Order;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.store.TestEvents;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.WriteResult.Status;
import dev.bitacora.store.elasticsearch.TamperingProxy.Answer;
import dev.bitacora.testkit.SharedEngines;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the store makes of an Elasticsearch, or of something in front of it, that misbehaves. */
class ElasticsearchTroubleTest {
  private static final NewEvent EVENT = TestEvents.event(1, 0);
  private static final String INDEX = EVENT.placement(Retention.DEFAULT).index();

  private ElasticsearchStore store;

  @BeforeEach
  void open() {
    TestCluster.reset();
    store = open(TestCluster.config());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aServerThatIsAway_isTransient_andSaidInOneSentence() {
    String sentence =
        "Elasticsearch at http://127.0.0.1:1 cannot be reached; start it, or correct the URL";
    try (AuditStore away = open(ElasticsearchConfig.of(URI.create("http://127.0.0.1:1")))) {
      assertThat(away.check().up()).isFalse();
      assertThat(away.check().reason()).isEqualTo(sentence);
      WriteResult result = away.write(List.of(EVENT)).get(0);
      assertThat(result.status()).isEqualTo(Status.TRANSIENT);
      assertThat(result.detail()).contains(sentence);
      assertThatThrownBy(() -> away.count(Selection.ALL))
          .isInstanceOf(StoreException.class)
          .hasMessage("count: " + sentence);
    }
  }

  @Test
  void anIndexDeletedUnderneath_isTransient_andMadeAgainWithOurMapping() {
    assertThat(store.write(List.of(EVENT))).containsExactly(WriteResult.INDEXED);
    TestCluster.request("DELETE", "/" + INDEX, null);
    NewEvent next = TestEvents.event(1, 1, e -> e.label("region", "eu"));
    assertThat(store.write(List.of(next)))
        .extracting(WriteResult::status)
        .containsExactly(Status.TRANSIENT);
    assertThat(store.write(List.of(next))).containsExactly(WriteResult.INDEXED);
    TestCluster.refresh();
    assertThat(
            store.count(
                Selection.of(
                    new dev.bitacora.core.query.Query.Match(
                        dev.bitacora.core.event.FieldName.of("labels.region"), "eu"))))
        .isEqualTo(1);
  }

  @Test
  void aTemplateDeletedBetweenItsCheckAndItsUse_leavesNoIndexWithoutOurMapping() throws Exception {
    try (TamperingProxy proxy =
            new TamperingProxy(
                SharedEngines.elasticsearch().url(),
                answer -> answer,
                request -> {
                  if (request.equals("PUT /" + INDEX)) {
                    TestCluster.removeTemplates();
                  }
                });
        AuditStore behind = open(proxy.config())) {
      assertThat(behind.write(List.of(EVENT))).containsExactly(WriteResult.INDEXED);
      new ElasticsearchSetup(TestCluster.config()).run();
    }
    NewEvent next = TestEvents.event(1, 1, e -> e.label("region", "eu"));
    assertThat(store.write(List.of(next))).containsExactly(WriteResult.INDEXED);
  }

  @Test
  void whatKeepsAnIndexFromBeingMade_isAskedOnceForAllEventsOfAWrite() throws Exception {
    TestCluster.removeTemplates();
    try {
      assertThat(requestsFor(100)).isEqualTo(requestsFor(1));
    } finally {
      new ElasticsearchSetup(TestCluster.config()).run();
    }
  }

  private static int requestsFor(int events) throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (TamperingProxy proxy =
            new TamperingProxy(
                SharedEngines.elasticsearch().url(),
                answer -> answer,
                request -> requests.incrementAndGet());
        AuditStore behind = open(proxy.config())) {
      List<NewEvent> all =
          IntStream.range(0, events).mapToObj(number -> TestEvents.event(1, number)).toList();
      assertThat(behind.write(all))
          .hasSize(events)
          .extracting(WriteResult::status)
          .containsOnly(Status.ENVIRONMENT);
    }
    return requests.get();
  }

  @Test
  void aBlockedIndex_isTransient() {
    assertThat(store.write(List.of(EVENT))).containsExactly(WriteResult.INDEXED);
    TestCluster.request("PUT", "/" + INDEX + "/_settings", "{\"index.blocks.write\":true}");
    assertThat(store.write(List.of(TestEvents.event(1, 1))))
        .extracting(WriteResult::status)
        .containsExactly(Status.TRANSIENT);
  }

  @Test
  void aDocumentThatElasticsearchRefuses_isSuspect_andItsValueIsNotQuoted() throws Exception {
    // Key and value in one term of more than 32,766 bytes.
    String key = "k".repeat(1000);
    Map<String, Object> nested = Map.of(key, "my secret value");
    for (int i = 0; i < 34; i++) {
      nested = Map.of(key, nested);
    }
    Map<String, Object> details = nested;
    NewEvent odd = TestEvents.event(1, 0, event -> event.detail("d", details));
    WriteResult result = store.write(List.of(odd, EVENT)).get(0);
    assertThat(result.status()).isEqualTo(Status.SUSPECT);
    assertThat(result.detail())
        .contains("400")
        .contains("document_parsing_exception")
        .contains("audit.details")
        .doesNotContain("secret");
  }

  @Test
  void anotherWordThanCreated_isBelieved_onlyForTheDocumentSent() throws Exception {
    assertUnconfirmed(
        answer -> answer.withBody(answer.body().replace("\"_id\":\"", "\"_id\":\"x")));
    assertUnconfirmed(
        answer -> answer.withBody(answer.body().replace("\"create\":", "\"index\":")));
    assertUnconfirmed(
        answer -> answer.withBody(answer.body().replace("audit-events-", "audit-events-x")));
  }

  @Test
  void fewerOrMoreItemsThanSent_areNoConfirmation() throws Exception {
    assertUnconfirmed(answer -> answer.withBody("{\"errors\":false,\"took\":1,\"items\":[]}"));
    assertUnconfirmed(
        answer ->
            answer.withBody(
                answer.body().replaceFirst("\"items\":\\[(.*)\\]", "\"items\":[$1,$1]")));
  }

  @Test
  void answersThatAreNotElasticsearchs_areNoConfirmation() throws Exception {
    assertUnconfirmed(
        answer -> new Answer(200, "text/html", "<html><body>Please log in</body></html>"));
    assertUnconfirmed(
        answer -> answer.withBody(answer.body().substring(0, answer.body().length() / 2)));
    assertUnconfirmed(answer -> new Answer(200, "application/json", "{}"));
    assertUnconfirmed(answer -> new Answer(200, "application/json", ""));
    assertUnconfirmed(answer -> new Answer(504, "text/html", "<html>Gateway Timeout</html>"));
    assertUnconfirmed(answer -> new Answer(400, "text/html", "<html>Bad Request</html>"));
  }

  @Test
  void itemsWithAnErrorUnderAGoodSummary_areNotTakenForDone() throws Exception {
    assertUnconfirmed(
        answer ->
            answer.withBody(
                answer
                    .body()
                    .replace(
                        "\"status\":201",
                        "\"status\":503,\"error\":{\"type\":\"unavailable_shards_exception\",\"reason\":\"r\"}")));
  }

  @Test
  void aBulkWhoseConnectionBreaks_isSentWholeToTheNextNode() throws Exception {
    AtomicInteger broken = new AtomicInteger();
    URI node = SharedEngines.elasticsearch().url();
    List<NewEvent> large =
        IntStream.range(0, 60)
            .mapToObj(
                number -> TestEvents.event(1, number, e -> e.detail("filler", "x".repeat(50_000))))
            .toList();
    try (TamperingProxy proxy =
            new TamperingProxy(
                node,
                answer -> answer,
                request -> {
                  if (request.equals("POST /_bulk")) {
                    broken.incrementAndGet();
                    throw new IllegalStateException("nobody reads the body");
                  }
                });
        AuditStore behind =
            open(
                new ElasticsearchConfig(
                    List.of(proxy.config().urls().get(0), node),
                    Optional.empty(),
                    Optional.empty()))) {
      // The client asks its nodes in turn, and leaves one out that has failed.
      for (NewEvent event : List.of(TestEvents.event(2, 0), TestEvents.event(2, 1))) {
        List<NewEvent> events = new ArrayList<>(large);
        events.add(event);
        assertThat(behind.write(events))
            .extracting(WriteResult::status)
            .isSubsetOf(Status.INDEXED, Status.DUPLICATE);
      }
    }
    assertThat(broken).hasPositiveValue();
  }

  @Test
  void whoMayReadAfterAll_noticesForgedIdsFromThenOn() throws Exception {
    List<NewEvent> real = List.of(TestEvents.event(1, 0), TestEvents.event(1, 1));
    List<NewEvent> forged = List.of(TestEvents.event(1, 0, e -> e.message("forged")));
    store.write(real);
    try (TamperingProxy proxy =
            new TamperingProxy(SharedEngines.elasticsearch().url(), answer -> answer);
        Connection connection = Connection.open(proxy.config())) {
      ConflictCheck patient =
          new ConflictCheck(proxy.config(), connection.reading(), Duration.ofHours(1));
      ConflictCheck asking = new ConflictCheck(proxy.config(), connection.reading(), Duration.ZERO);
      for (String path : List.of("/_refresh", "/_search")) {
        proxy.forbid(path);
        assertThat(asking.suspects(real)).containsExactlyInAnyOrderElementsOf(real);
        assertThat(asking.conflicting(forged)).isEmpty();
      }
      assertThat(patient.suspects(real)).containsExactlyInAnyOrderElementsOf(real);
      proxy.forbid("nothing");
      assertThat(asking.suspects(forged)).containsExactlyElementsOf(forged);
      store.write(forged);
      assertThat(asking.conflicting(forged)).containsExactly(forged.get(0).documentId());
      assertThat(patient.suspects(forged)).isEmpty();
      assertThat(patient.conflicting(forged)).isEmpty();
    }
  }

  @Test
  void numbersWrittenWhileReadingIsForbidden_areKnownAfterwards() throws Exception {
    List<NewEvent> before = List.of(TestEvents.event(1, 0));
    List<NewEvent> meanwhile = List.of(TestEvents.event(1, 1));
    store.write(before);
    try (TamperingProxy proxy =
            new TamperingProxy(SharedEngines.elasticsearch().url(), answer -> answer);
        Connection connection = Connection.open(proxy.config())) {
      ConflictCheck check =
          new ConflictCheck(proxy.config(), connection.reading(), Duration.ofSeconds(3));
      assertThat(check.suspects(before)).containsExactlyElementsOf(before);
      proxy.forbid("/_refresh");
      assertThat(check.conflicting(before)).isEmpty();
      assertThat(check.suspects(before)).isEmpty();
      assertThat(check.suspects(meanwhile)).isEmpty();
      Awaitility.await().until(() -> !check.suspects(before).isEmpty());
      assertThat(check.suspects(meanwhile)).containsExactlyElementsOf(meanwhile);
    }
  }

  @Test
  void aRequestTooLarge_isSaidOfEachOfItsEvents() throws Exception {
    try (TamperingProxy proxy =
            new TamperingProxy(
                SharedEngines.elasticsearch().url(),
                answer -> new Answer(413, "text/html", "<html>too large</html>"));
        AuditStore behind = open(proxy.config())) {
      assertThat(behind.write(List.of(TestEvents.event(1, 0), TestEvents.event(1, 1))))
          .extracting(WriteResult::status)
          .containsExactly(Status.TOO_LARGE, Status.TOO_LARGE);
    }
  }

  @Test
  void tooMuchToDo_isSaidOfTheRequestOrOfOneEvent() throws Exception {
    assertOverloaded(
        answer -> new Answer(429, "application/json", "{\"error\":{\"type\":\"overload\"}}"));
    assertOverloaded(
        answer ->
            answer.withBody(
                answer
                    .body()
                    .replace(
                        "\"status\":201",
                        "\"status\":429,\"error\":{\"type\":\"rejected\",\"reason\":\"r\"}")));
  }

  private static void assertOverloaded(UnaryOperator<Answer> tampering) throws Exception {
    TestCluster.reset();
    try (TamperingProxy proxy = new TamperingProxy(SharedEngines.elasticsearch().url(), tampering);
        AuditStore behind = open(proxy.config())) {
      assertThat(behind.write(List.of(EVENT)))
          .extracting(WriteResult::status)
          .containsExactly(Status.OVERLOADED);
    }
  }

  /** Whatever came back, the event is retried, and the retry finds that it was written. */
  private void assertUnconfirmed(UnaryOperator<Answer> tampering) throws Exception {
    TestCluster.reset();
    try (TamperingProxy proxy = new TamperingProxy(SharedEngines.elasticsearch().url(), tampering);
        AuditStore behind = open(proxy.config())) {
      assertThat(behind.write(List.of(EVENT)))
          .extracting(WriteResult::status)
          .containsExactly(Status.TRANSIENT);
    }
    try (AuditStore honest = open(TestCluster.config())) {
      assertThat(honest.write(List.of(EVENT))).containsExactly(WriteResult.DUPLICATE);
    }
  }

  @Test
  void paging_goesOn_whenTheSnapshotHasExpired() throws Exception {
    List<NewEvent> events = IntStream.range(0, 9).mapToObj(i -> TestEvents.event(1, i)).toList();
    store.write(events);
    TestCluster.refresh();
    SearchPage first = page(store, Optional.empty());
    SearchPage second = page(store, first.next());
    expire(second.next().orElseThrow());
    SearchPage third = page(store, second.next());
    assertThat(third.next()).isEmpty();
    List<String> found = new ArrayList<>();
    for (SearchPage page : List.of(first, second, third)) {
      assertThat(page.completeness().isComplete()).isTrue();
      page.events().stream().map(StoredEvent::documentId).forEach(found::add);
    }
    assertThat(found).containsExactlyElementsOf(events.stream().map(NewEvent::documentId).toList());
  }

  @Test
  void paging_goesOn_inAnotherProcess() {
    store.write(IntStream.range(0, 9).mapToObj(i -> TestEvents.event(1, i)).toList());
    TestCluster.refresh();
    SearchPage second = page(store, page(store, Optional.empty()).next());
    try (AuditStore other = open(TestCluster.config())) {
      SearchPage third = page(other, second.next());
      assertThat(third.events())
          .extracting(e -> e.position().sequence())
          .containsExactly(6L, 7L, 8L);
      assertThat(third.total()).isEqualTo(9);
    }
  }

  @Test
  void paging_seesItsSnapshot_whileEventsArrive() {
    store.write(IntStream.range(0, 9).mapToObj(i -> TestEvents.event(2, i)).toList());
    TestCluster.refresh();
    SearchPage second = page(store, page(store, Optional.empty()).next());
    store.write(IntStream.range(0, 9).mapToObj(i -> TestEvents.event(3, i)).toList());
    TestCluster.refresh();
    SearchPage third = page(store, second.next());
    assertThat(third.events()).extracting(e -> e.position().sequence()).containsExactly(6L, 7L, 8L);
    assertThat(third.next()).isEmpty();
  }

  private void expire(String cursor) throws Exception {
    String name = Cursor.parse(cursor, Order.OLDEST_FIRST).snapshot();
    String id = store.snapshots().find(name).orElseThrow();
    try (Connection connection = Connection.open(TestCluster.config())) {
      connection.reading().closePointInTime(close -> close.id(id));
    }
  }

  private static SearchPage page(AuditStore store, Optional<String> after) {
    return store.search(new SearchRequest(Selection.ALL, Order.OLDEST_FIRST, 3, after));
  }

  private static ElasticsearchStore open(ElasticsearchConfig config) {
    ElasticsearchStore store = new ElasticsearchStore(config, Retention.DEFAULT);
    store.start();
    return store;
  }
}
