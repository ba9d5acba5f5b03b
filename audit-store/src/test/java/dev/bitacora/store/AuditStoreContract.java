package dev.bitacora.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.event.FieldType;
import dev.bitacora.core.query.Query;
import dev.bitacora.core.query.QuerySyntaxException;
import dev.bitacora.store.SearchRequest.Order;
import dev.bitacora.store.WriteResult.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link AuditStore} does. A subclass says how one is opened, opened again, and opened
 * after its process was killed; it closes what it opened.
 */
public abstract class AuditStoreContract {
  /**
   * Fixed, so that a failure comes again; printed with every failed assertion about random data.
   */
  private static final long SEED = 20261121;

  private static final Duration FOUND_WITHIN = Duration.ofSeconds(10);

  private AuditStore store;

  /** A started store without events, with {@link Retention#DEFAULT}. */
  protected abstract AuditStore openEmpty() throws Exception;

  /** Closes the store opened last, and starts one on the same data. */
  protected abstract AuditStore reopen() throws Exception;

  /** Starts a store on the data as they are when the one opened last dies without a warning. */
  protected abstract AuditStore reopenAfterKill() throws Exception;

  /** Has everything that was written found at once, where a store would take its time. */
  protected void refresh() {}

  @BeforeEach
  void open() throws Exception {
    store = openEmpty();
  }

  // ---- Writing

  @Test
  void write_ofNothing_isNothing() {
    assertThat(store.write(List.of())).isEmpty();
    assertThat(store.count(Selection.ALL)).isZero();
    assertThat(page(Query.ALL, Order.NEWEST_FIRST, 10, Optional.empty()).events()).isEmpty();
    assertThat(store.facets(Selection.ALL, List.of(field("action")), 10))
        .isEqualTo(Map.of(field("action"), List.of()));
    assertThat(store.histogram(Selection.ALL, Duration.ofHours(1))).isEmpty();
    assertThat(streamed(Selection.ALL)).isEmpty();
  }

  @Test
  void write_ofTheSameEvent_keepsItOnce() throws Exception {
    NewEvent event = TestEvents.event(1, 0);
    assertThat(store.write(List.of(event, event, TestEvents.event(1, 1))))
        .containsExactly(WriteResult.INDEXED, WriteResult.DUPLICATE, WriteResult.INDEXED);
    assertThat(store.write(List.of(event))).containsExactly(WriteResult.DUPLICATE);
    store = reopen();
    assertThat(store.write(List.of(event))).containsExactly(WriteResult.DUPLICATE);
    awaitCount(2);
    assertThat(store.get(event.position().eventId(), Query.ALL)).hasSize(1);
  }

  @Test
  void write_ofTheSameEventAppendedLater_keepsItOnce() {
    NewEvent event = TestEvents.event(1, 0);
    NewEvent again =
        new NewEvent(
            event.position(),
            event.event(),
            event.ingested().plusSeconds(3600),
            new LogPosition("bitacora.audit/3", 77),
            AgentIdStatus.MISMATCH);
    assertThat(store.write(List.of(event))).containsExactly(WriteResult.INDEXED);
    assertThat(store.write(List.of(again))).containsExactly(WriteResult.DUPLICATE);
    awaitCount(1);
    assertThat(only(store.get(event.position().eventId(), Query.ALL)).ingested())
        .isEqualTo(event.ingested());
  }

  @Test
  void write_ofOtherBytesWithTheSameId_keepsBothAndSaysSo() throws Exception {
    NewEvent real = TestEvents.event(1, 7);
    NewEvent forged = TestEvents.event(1, 7, event -> event.message("nothing to see"));
    assertThat(store.write(List.of(real))).containsExactly(WriteResult.INDEXED);
    assertThat(status(store.write(List.of(forged)))).containsExactly(Status.CONFLICT);
    assertThat(status(store.write(List.of(real, forged))))
        .containsExactly(Status.DUPLICATE, Status.DUPLICATE);
    store = reopen();
    NewEvent third = TestEvents.event(1, 7, event -> event.message("third"));
    assertThat(status(store.write(List.of(third, forged))))
        .containsExactly(Status.CONFLICT, Status.DUPLICATE);
    awaitCount(3);
    assertThat(store.get(real.position().eventId(), Query.ALL))
        .extracting(StoredEvent::documentId)
        .containsExactlyElementsOf(
            List.of(real, forged, third).stream().map(NewEvent::documentId).sorted().toList());
  }

  @Test
  void write_ofOtherBytesWithTheSameIdAtOnce_keepsBothAndSaysSo() {
    NewEvent real = TestEvents.event(1, 0);
    NewEvent forged =
        TestEvents.event(1, 0, event -> event.at(TestEvents.NOW.minus(Duration.ofDays(40))));
    List<Status> results = status(store.write(List.of(real, forged)));
    assertThat(results).first().isEqualTo(Status.INDEXED);
    assertThat(results).last().isEqualTo(Status.CONFLICT);
    awaitCount(2);
    assertThat(store.get(real.position().eventId(), Query.ALL)).hasSize(2);
  }

  @Test
  void write_withEventsOfEveryFate_answersEachInItsPlace() {
    keep(List.of(TestEvents.event(1, 0), TestEvents.event(1, 1)));
    List<NewEvent> batch =
        List.of(
            TestEvents.event(1, 2),
            TestEvents.event(1, 0),
            tooLongToIndex(1, 3),
            TestEvents.event(1, 1, event -> event.message("forged")),
            TestEvents.event(1, 4));
    assertThat(status(store.write(batch)))
        .containsExactly(
            Status.INDEXED, Status.DUPLICATE, Status.SUSPECT, Status.CONFLICT, Status.INDEXED);
    awaitCount(5);
    assertThat(store.get(batch.get(2).position().eventId(), Query.ALL)).isEmpty();
  }

  /** Its key is longer than any term. */
  private static NewEvent tooLongToIndex(int stream, long sequence) {
    Object nested = "leaf";
    for (int i = 0; i < 40; i++) {
      nested = Map.of("k".repeat(1000), nested);
    }
    Object details = nested;
    return TestEvents.event(
        stream, sequence, event -> event.detail("deep", details).maxBytes(1 << 20));
  }

  @Test
  void write_outOfOrder_keepsEverything() {
    List<NewEvent> events = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      events.add(TestEvents.event(i % 5, i));
    }
    Collections.shuffle(events, new Random(SEED));
    for (int from = 0; from < events.size(); from += 50) {
      assertThat(status(store.write(events.subList(from, from + 50)))).containsOnly(Status.INDEXED);
    }
    assertThat(status(store.write(events))).containsOnly(Status.DUPLICATE);
    awaitCount(500);
  }

  @Test
  void write_byManyThreadsOfTheSameEvents_keepsEachOnce() throws Exception {
    List<NewEvent> events =
        IntStream.range(0, 2000).mapToObj(i -> TestEvents.event(i % 7, i)).toList();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<Status>>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        List<NewEvent> mine = new ArrayList<>(events);
        Collections.shuffle(mine, new Random(SEED + i));
        answers.add(threads.submit(() -> writeInBatches(mine, 100)));
      }
      Map<Status, Integer> totals = new HashMap<>();
      for (Future<List<Status>> answer : answers) {
        answer.get().forEach(status -> totals.merge(status, 1, Integer::sum));
      }
      assertThat(totals).isEqualTo(Map.of(Status.INDEXED, 2000, Status.DUPLICATE, 6000));
    } finally {
      threads.shutdownNow();
    }
    awaitCount(2000);
    assertThat(ids(streamed(Selection.ALL))).doesNotHaveDuplicates();
  }

  private List<Status> writeInBatches(List<NewEvent> events, int size) {
    List<Status> answers = new ArrayList<>();
    for (int from = 0; from < events.size(); from += size) {
      answers.addAll(status(store.write(events.subList(from, from + size))));
    }
    return answers;
  }

  @Test
  void write_thenKill_keepsAllThatWasAnswered() throws Exception {
    List<NewEvent> events = new RandomEvents(new Random(SEED)).list(300);
    for (int from = 0; from < events.size(); from += 30) {
      assertThat(status(store.write(events.subList(from, from + 30)))).containsOnly(Status.INDEXED);
    }
    store = reopenAfterKill();
    awaitCount(events.size());
    assertThat(status(store.write(events))).containsOnly(Status.DUPLICATE);
    assertSameIds(new NaiveStore(events), Query.ALL);
  }

  @Test
  void whatWasWritten_isFoundSoon_withoutAnybodysHelp() {
    store.write(List.of(TestEvents.event(1, 0)));
    awaitCountUnaided(1);
    store.write(List.of(TestEvents.event(1, 1)));
    awaitCountUnaided(2);
  }

  // ---- What is given back

  @Test
  void bytes_comeOutAsTheyWentIn() {
    String end =
        "\"event\":{\"dataset\":\"audit\",\"action\":\"a\",\"outcome\":\"success\"},\"user\":{\"id\":\"u\"},"
            + "\"service\":{\"name\":\"s\",\"environment\":\"e\"},\"audit\":{\"class\":\"standard\","
            + "\"schema\":{\"version\":\"1.0\"}},\"ecs\":{\"version\":\"8.17.0\"}}";
    String time = "\"@timestamp\":\"2026-11-15T10:15:30.123456789Z\",";
    List<String> texts =
        List.of(
            "{" + time + "\"message\":\"plain\"," + end,
            "{ \n\t" + time + " \"message\" :\r\n \"white space\" , " + end + " \n ",
            "{" + time + "\"message\":\"\\u00e9 \\/ \\n \\u0000 \\ud83d\\ude00\"," + end,
            "{" + time + "\"message\":\"é \u2028 \u200f \uFEFF \uD83D\uDE00 \u0085\"," + end,
            "{"
                + time
                + "\"message\":\"numbers\",\"n\":[1.0,1e3,-0,1E-7,12345678901234567890],"
                + end,
            "{\"unknown\":{\"a\":[null,{},[]]}," + time + "\"message\":\"m\",\"labels\":{}," + end);
    List<NewEvent> events = new ArrayList<>();
    for (String text : texts) {
      events.add(TestEvents.ofJson(TestEvents.position(1, events.size()), text));
    }
    keep(events);
    for (int i = 0; i < texts.size(); i++) {
      StoredEvent found = only(store.get(events.get(i).position().eventId(), Query.ALL));
      assertThat(new String(found.original(), StandardCharsets.UTF_8)).isEqualTo(texts.get(i));
      assertThat(found.hash()).isEqualTo(NewEvent.hashOf(found.original()));
    }
    assertThat(streamed(Selection.ALL).stream().map(StoredEvent::original))
        .containsExactlyInAnyOrderElementsOf(
            texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList());
  }

  @Test
  void whatTheCollectorAdded_comesBack() {
    NewEvent event =
        new NewEvent(
            TestEvents.position(4, 999_999_999_999L),
            TestEvents.plain().at(TestEvents.NOW.plusNanos(7)).build(),
            TestEvents.NOW.plusMillis(5),
            new LogPosition("bitacora.audit/11", 123_456_789_012L),
            AgentIdStatus.MISMATCH);
    keep(List.of(event));
    StoredEvent found = only(page(Query.ALL, Order.NEWEST_FIRST, 1, Optional.empty()).events());
    assertThat(found.position()).isEqualTo(event.position());
    assertThat(found.time()).isEqualTo(TestEvents.NOW.plusNanos(7));
    assertThat(found.plausibleTime()).isTrue();
    assertThat(found.ingested()).isEqualTo(event.ingested());
    assertThat(found.log()).isEqualTo(event.log());
    assertThat(found.agentIdStatus()).isEqualTo(AgentIdStatus.MISMATCH);
    assertThat(found.documentId()).isEqualTo(event.documentId());
  }

  @Test
  void eventOfOneMebibyte_isKeptAndFound() {
    String words = "lorem ipsum ".repeat((1 << 20) / 12 - 100);
    NewEvent event = TestEvents.event(1, 0, e -> e.message(words + "needle").maxBytes(2 << 20));
    assertThat(event.event().size()).isGreaterThan((1 << 20) - 2000);
    keep(List.of(event));
    assertFinds("needle", event);
    assertFinds("\"ipsum needle\"", event);
    assertThat(only(store.get(event.position().eventId(), Query.ALL)).original())
        .isEqualTo(event.event().bytes());
  }

  @Test
  void detailsNestedNinetyDeep_areKeptAndFound() throws Exception {
    Object nested = "treasure";
    StringBuilder path = new StringBuilder("audit.details");
    for (int i = 0; i < 90; i++) {
      nested = Map.of("d", nested);
      path.append(".d");
    }
    Object details = ((Map<?, ?>) nested).get("d");
    NewEvent event = TestEvents.event(1, 0, e -> e.detail("d", details));
    keep(List.of(event));
    assertFinds(path + ":treasure", event);
    assertFinds("audit.details:treasure", event);
  }

  @Test
  void keywordsAboveTheLimit_areKeptAndNotFoundByValue() {
    String longest = "k".repeat(1024);
    NewEvent within = TestEvents.event(1, 0, e -> e.set("user.name", longest).label("l", longest));
    NewEvent above =
        TestEvents.event(1, 1, e -> e.set("user.name", longest + "k").label("l", longest + "k"));
    keep(List.of(within, above));
    for (String name : List.of("user.name", "labels.l")) {
      assertThat(found(new Query.Match(field(name), longest))).containsExactly(within.documentId());
      assertThat(found(new Query.Match(field(name), longest + "k"))).isEmpty();
      assertThat(found(new Query.Prefix(field(name), "kkk"))).containsExactly(within.documentId());
      assertThat(found(new Query.Exists(field(name)))).containsExactly(within.documentId());
    }
    assertThat(only(store.get(above.position().eventId(), Query.ALL)).original())
        .isEqualTo(above.event().bytes());
  }

  @Test
  void tenThousandKeysInLabels_areAllFound() {
    List<NewEvent> events = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int first = i * 10;
      events.add(
          TestEvents.event(
              1,
              i,
              e -> {
                for (int k = first; k < first + 10; k++) {
                  e.label("key" + k, "v" + k % 3);
                }
                return e;
              }));
    }
    keep(events);
    assertFinds("labels.key4567:v1", events.get(456));
    assertFinds("labels.key9999:*", events.get(999));
    assertThat(found(new Query.Match(field("labels"), "v2"))).hasSize(1000);
    assertThat(store.facets(Selection.ALL, List.of(field("labels.key10")), 5))
        .isEqualTo(Map.of(field("labels.key10"), List.of(new FacetValue("v1", 1))));
    assertThat(storedFieldCount()).isLessThan(200);
  }

  /** How many fields the store's own schema has now. */
  protected abstract int storedFieldCount();

  // ---- Times

  @Test
  void implausibleTimes_areKeptMarkedAndFoundByAppendTime() {
    Instant appended = TestEvents.NOW;
    List<NewEvent> events =
        List.of(
            at("9999-12-31T23:59:59Z", 0),
            at("1960-02-03T04:05:06Z", 1),
            at(appended.plus(Duration.ofDays(2)).toString(), 2),
            at(appended.minus(Duration.ofDays(500)).toString(), 3),
            at(appended.toString(), 4));
    keep(events);
    assertFinds("audit.time_status:implausible", events.subList(0, 4).toArray(NewEvent[]::new));
    TimeRange minute = new TimeRange(appended.minusSeconds(30), appended.plusSeconds(30));
    Selection then = new Selection(Query.ALL, Query.ALL, minute);
    assertThat(store.count(then)).isEqualTo(5);
    for (StoredEvent found : streamed(then)) {
      assertThat(found.time()).isEqualTo(appended);
      assertThat(found.plausibleTime()).isEqualTo(found.position().sequence() == 4);
    }
    assertThat(store.histogram(then, Duration.ofHours(1)))
        .containsExactly(
            new HistogramBucket(Instant.parse("2026-11-15T10:00:00Z"), Map.of("success", 5L)));
    assertThat(status(store.write(events))).containsOnly(Status.DUPLICATE);
  }

  private static NewEvent at(String time, int sequence) {
    return TestEvents.event(1, sequence, event -> event.at(Instant.parse(time)));
  }

  @Test
  void range_isFromInclusiveToExclusive_toTheNanosecond() {
    Instant start = TestEvents.NOW;
    List<NewEvent> events =
        IntStream.range(0, 5)
            .mapToObj(i -> TestEvents.event(1, i, e -> e.at(start.plusNanos(i))))
            .toList();
    keep(events);
    TimeRange range = new TimeRange(start.plusNanos(1), start.plusNanos(4));
    Selection selection = new Selection(Query.ALL, Query.ALL, range);
    assertThat(streamed(selection))
        .extracting(StoredEvent::documentId)
        .isEqualTo(events.subList(1, 4).stream().map(NewEvent::documentId).toList());
    assertThat(store.count(selection)).isEqualTo(3);
    TimeRange empty = new TimeRange(start, start);
    assertThat(store.count(new Selection(Query.ALL, Query.ALL, empty))).isZero();
  }

  // ---- Paging

  @Test
  void paging_reachesTheLastOfFourteenThousand_eachOnce() {
    int total = 14_000; // Elasticsearch pages by number through no more than 10,000
    for (int from = 0; from < total; from += 2000) {
      List<NewEvent> batch = new ArrayList<>();
      for (int i = from; i < from + 2000; i++) {
        // A few hundred events share each moment, over three months.
        Instant time = TestEvents.NOW.minus(Duration.ofHours(i / 300 * 48L));
        batch.add(TestEvents.event(1 + from / 2000 % 2, i, event -> event.at(time)));
      }
      assertThat(status(store.write(batch))).containsOnly(Status.INDEXED);
    }
    awaitCount(total);
    Set<String> seen = new HashSet<>();
    StoredEvent last = null;
    Optional<String> after = Optional.empty();
    do {
      SearchPage page = page(Query.ALL, Order.NEWEST_FIRST, 1000, after);
      assertThat(page.total()).isEqualTo(total);
      assertThat(page.completeness().isComplete()).isTrue();
      for (StoredEvent event : page.events()) {
        assertThat(seen.add(event.documentId())).as(event.documentId()).isTrue();
        assertThat(last == null || isBefore(event, last)).as(event.documentId()).isTrue();
        last = event;
      }
      after = page.next();
    } while (after.isPresent());
    assertThat(seen).hasSize(total);
  }

  private static boolean isBefore(StoredEvent event, StoredEvent next) {
    int byTime = event.time().compareTo(next.time());
    return byTime < 0 || (byTime == 0 && event.documentId().compareTo(next.documentId()) < 0);
  }

  @Test
  void equalTimes_areOrderedTotally_inBothDirections() {
    List<NewEvent> events = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      events.add(TestEvents.event(i % 4, i / 8));
      events.add(TestEvents.event(i % 4, i / 8, e -> e.message("forged")));
    }
    store.write(events);
    List<String> expected = events.stream().map(NewEvent::documentId).distinct().sorted().toList();
    awaitCount(expected.size());
    assertThat(paged(Order.OLDEST_FIRST, 7)).isEqualTo(expected);
    List<String> reversed = new ArrayList<>(expected);
    Collections.reverse(reversed);
    assertThat(paged(Order.NEWEST_FIRST, 7)).isEqualTo(reversed);
    assertThat(ids(streamed(Selection.ALL))).isEqualTo(expected);
  }

  private List<String> paged(Order order, int size) {
    List<String> ids = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      SearchPage page = page(Query.ALL, order, size, after);
      ids.addAll(ids(page.events()));
      after = page.next();
    } while (after.isPresent());
    return ids;
  }

  @Test
  void paging_whileEventsArrive_repeatsNone() {
    keep(IntStream.range(0, 40).mapToObj(i -> later(i)).toList());
    List<String> ids = new ArrayList<>();
    Optional<String> after = Optional.empty();
    int next = 40;
    do {
      SearchPage page = page(Query.ALL, Order.NEWEST_FIRST, 10, after);
      ids.addAll(ids(page.events()));
      after = page.next();
      store.write(List.of(later(next++)));
    } while (after.isPresent());
    assertThat(ids).doesNotHaveDuplicates().hasSize(40);
  }

  private static NewEvent later(int i) {
    return TestEvents.event(1, i, event -> event.at(TestEvents.NOW.plusMillis(i)));
  }

  @Test
  void lastPage_hasNoNext() {
    keep(List.of(TestEvents.event(1, 0), TestEvents.event(1, 1)));
    assertThat(page(Query.ALL, Order.NEWEST_FIRST, 2, Optional.empty()).next()).isEmpty();
    assertThat(page(Query.ALL, Order.NEWEST_FIRST, 1, Optional.empty()).next()).isPresent();
  }

  @Test
  void cursorsThatNobodyGaveOut_areRefused() {
    keep(List.of(TestEvents.event(1, 0), TestEvents.event(1, 1)));
    String good = page(Query.ALL, Order.NEWEST_FIRST, 1, Optional.empty()).next().orElseThrow();
    for (String bad :
        List.of("", "x", "!!", "AAAA", "é", "a b", good.substring(1), good + "A", "eyJ9", "{}")) {
      assertThatThrownBy(() -> page(Query.ALL, Order.NEWEST_FIRST, 1, Optional.of(bad)))
          .as(bad)
          .isInstanceOf(StoreException.BadCursor.class);
    }
  }

  // ---- The language

  @Test
  void everyOperatorOnEveryField_findsWhatANaiveReadingFinds() {
    NaiveStore naive = keepRandom(250);
    RandomQueries queries = new RandomQueries(new Random(SEED), naive);
    for (FieldName field : naive.fields()) {
      queries.leaves(field).forEach(query -> assertSameIds(naive, query));
    }
  }

  @Test
  void combinedQueries_findWhatANaiveReadingFinds() {
    NaiveStore naive = keepRandom(250);
    RandomQueries queries = new RandomQueries(new Random(SEED + 1), naive);
    for (int i = 0; i < 300; i++) {
      assertSameIds(naive, queries.next(1 + i % 3));
    }
  }

  @Test
  void wordsStandSideBySide_inOneValue() {
    NewEvent event =
        TestEvents.event(
            1,
            0,
            e ->
                e.message("The quick brown-fox jumps; ÑANDÚ, Straße 3.")
                    .set("error.message", List.of("first value", "second one")));
    keep(List.of(event, TestEvents.event(1, 1)));
    for (String query :
        List.of(
            "quick",
            "QUICK",
            "\"quick brown\"",
            "\"brown fox\"",
            "message:brown-fox",
            "ñandú",
            "straße",
            "message:jum*",
            "ju*",
            "3",
            "message:\"fox jumps ñandú\"",
            "\"value\"",
            "error.message:\"second one\"",
            "not something")) {
      assertFinds(query, event);
    }
    for (String query :
        List.of(
            "\"quick fox\"",
            "\"brown quick\"",
            "quic",
            "message:qui",
            "\"value second\"",
            "message:\"!!!\"",
            "error.message:quick",
            "user.name:*",
            "message:\"a the quick\"")) {
      assertFinds(query);
    }
  }

  @Test
  void longValues_areComparedLikeShortOnes() {
    String longest = "x".repeat(1024);
    NewEvent event =
        TestEvents.event(1, 0, e -> e.set("user.name", longest).label("region", longest));
    keep(List.of(event, TestEvents.event(1, 1, e -> e.set("user.name", "a").label("region", "a"))));
    for (String name : List.of("user.name", "labels.region", "labels")) {
      FieldName field = field(name);
      for (String bound : List.of(longest, "x".repeat(2000))) {
        boolean equal = bound.equals(longest);
        assertThat(found(new Query.Range(field, Query.Comparison.GREATER, bound))).isEmpty();
        assertThat(found(new Query.Range(field, Query.Comparison.AT_LEAST, bound)))
            .hasSize(equal ? 1 : 0);
        assertThat(found(new Query.Range(field, Query.Comparison.AT_LEAST, "x".repeat(500))))
            .containsExactly(event.documentId());
        assertThat(found(new Query.Prefix(field, bound))).hasSize(equal ? 1 : 0);
        assertThat(found(new Query.Match(field, bound))).hasSize(equal ? 1 : 0);
      }
      assertThat(found(new Query.Range(field, Query.Comparison.LESS, longest))).hasSize(1);
      assertThat(found(new Query.Range(field, Query.Comparison.AT_MOST, longest))).hasSize(2);
    }
  }

  @Test
  void identifiers_areFoundWhole_caseIncluded() {
    NewEvent event =
        TestEvents.event(
            1,
            0,
            e ->
                e.set("user.id", "Mary.Jane@example.org")
                    .set("trace.id", "4bf92f3577b34da6a3ce929d0e0e4736")
                    .set("audit.target.related", List.of("invoice:1", "order:2")));
    keep(List.of(event, TestEvents.event(1, 1)));
    for (String query :
        List.of(
            "Mary.Jane@example.org",
            "Mary*",
            "actor:Mary.Jane@example.org",
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "trace:4bf9*",
            "\"order:2\"",
            "audit.target.related:\"invoice:1\"",
            "user.id > Maa and user.id < Mb")) {
      assertFinds(query, event);
    }
    for (String query : List.of("mary.jane@example.org", "Jane", "order", "actor:mary*")) {
      assertFinds(query);
    }
  }

  @Test
  void networks_holdTheirAddresses() {
    NewEvent ten = TestEvents.event(1, 0, e -> e.set("client.ip", "10.1.2.3"));
    NewEvent other = TestEvents.event(1, 1, e -> e.set("client.ip", "192.168.0.1"));
    NewEvent six = TestEvents.event(1, 2, e -> e.set("client.ip", "2001:db8::7"));
    keep(List.of(ten, other, six, TestEvents.event(1, 3)));
    assertFinds("ip:10.0.0.0/8", ten);
    assertFinds("ip:10.1.2.3", ten);
    assertFinds("ip:10.1.2.3/32", ten);
    assertFinds("ip:0.0.0.0/0", ten, other);
    assertFinds("ip:\"2001:db8::/32\"", six);
    assertFinds("ip:\"2001:0db8:0:0::7\"", six);
    assertFinds("ip:\"::/0\"", ten, other, six);
    assertFinds("ip:*", ten, other, six);
    assertFinds("ip > 10.1.2.3 and ip < \"2001::\"", other);
  }

  @Test
  void numbersAndTimes_compareByMagnitude() {
    NewEvent small = TestEvents.event(1, 0, e -> e.set("event.duration", 9L));
    NewEvent large = TestEvents.event(1, 1, e -> e.set("event.duration", 10L));
    NewEvent none = TestEvents.event(1, 2, e -> e.at(TestEvents.NOW.minus(Duration.ofDays(1))));
    keep(List.of(small, large, none));
    assertFinds("event.duration > 9", large);
    assertFinds("event.duration >= 9", small, large);
    assertFinds("event.duration:10", large);
    assertFinds("not event.duration < 10", large, none);
    assertFinds("event.duration > -9223372036854775808", small, large);
    assertFinds("event.duration < -9223372036854775808");
    assertFinds("event.duration > 9223372036854775807");
    assertFinds("@timestamp:2026-11-14", none);
    assertFinds("@timestamp < 2026-11-15", none);
    assertFinds("@timestamp >= \"2026-11-15T10:15:30.123Z\"", small, large);
    assertFinds("@timestamp > 1950-01-01", small, large, none);
    assertFinds("@timestamp < 2999-01-01", small, large, none);
    assertFinds("@timestamp > 2999-01-01");
    assertFinds("@timestamp < 1950-01-01");
    assertFinds("event.ingested:2026-11-15", small, large, none);
  }

  // ---- Counting

  @Test
  void facets_countWhatANaiveCountFinds() {
    NaiveStore naive = keepRandom(400);
    List<FieldName> fields =
        naive.fields().stream().filter(AuditStoreContract::isCountable).toList();
    for (Selection selection : selections(naive)) {
      Map<FieldName, List<FacetValue>> facets = store.facets(selection, fields, 4);
      for (FieldName field : fields) {
        assertThat(facets.get(field))
            .as("seed %d: %s of %s", SEED, field.text(), selection)
            .isEqualTo(naive.facet(selection, field, 4));
      }
    }
  }

  private static boolean isCountable(FieldName field) {
    return field.type() == FieldType.KEYWORD
        || field.type() == FieldType.LONG
        || field.type() == FieldType.IP
        || field.isKeyed();
  }

  @Test
  void histogram_countsWhatANaiveCountFinds() {
    NaiveStore naive = keepRandom(400);
    for (Selection selection : selections(naive)) {
      for (Duration interval :
          List.of(Duration.ofMillis(250), Duration.ofMinutes(5), Duration.ofHours(7))) {
        assertThat(store.histogram(selection, interval))
            .as("seed %d: %s of %s", SEED, interval, selection)
            .isEqualTo(naive.histogram(selection, interval));
      }
    }
  }

  private static List<Selection> selections(NaiveStore naive) {
    RandomQueries queries = new RandomQueries(new Random(SEED + 2), naive);
    List<Selection> selections = new ArrayList<>();
    selections.add(Selection.ALL);
    for (int i = 0; i < 5; i++) {
      Instant to = TestEvents.NOW.minus(Duration.ofDays(i));
      TimeRange range = new TimeRange(to.minus(Duration.ofDays(5)), to);
      selections.add(new Selection(queries.next(1), Query.ALL, range));
      selections.add(Selection.of(queries.next(2)));
    }
    return selections;
  }

  // ---- Scopes

  @Test
  void scope_isAndedEverywhere() throws Exception {
    NewEvent inside = TestEvents.event(1, 0, e -> e.set("service.environment", "dev"));
    NewEvent outside = TestEvents.event(1, 1);
    keep(List.of(inside, outside));
    Query scope = Query.parse("env:dev");
    for (Query query : List.of(Query.ALL, Query.parse("env:dev or env:prd"))) {
      Selection selection = new Selection(query, scope, TimeRange.ALL);
      SearchPage page =
          store.search(new SearchRequest(selection, Order.NEWEST_FIRST, 10, Optional.empty()));
      assertThat(ids(page.events())).containsExactly(inside.documentId());
      assertThat(page.total()).isEqualTo(1);
      assertThat(store.count(selection)).isEqualTo(1);
      assertThat(store.facets(selection, List.of(field("env")), 10))
          .isEqualTo(Map.of(field("env"), List.of(new FacetValue("dev", 1))));
      assertThat(store.histogram(selection, Duration.ofHours(1)))
          .extracting(HistogramBucket::total)
          .containsExactly(1L);
      assertThat(ids(streamed(selection))).containsExactly(inside.documentId());
    }
    assertThat(store.get(inside.position().eventId(), scope)).hasSize(1);
    assertThat(store.get(outside.position().eventId(), scope)).isEmpty();
    Selection nothing = new Selection(Query.parse("env:prd"), scope, TimeRange.ALL);
    assertThat(store.count(nothing)).isZero();
  }

  @Test
  void get_ofNoId_isEmpty() {
    keep(List.of(TestEvents.event(1, 0)));
    for (String id : List.of("", "x", "*", TestEvents.position(1, 1).eventId(), "\u0000")) {
      assertThat(store.get(id, Query.ALL)).as(id).isEmpty();
    }
  }

  // ---- Streaming

  @Test
  void stream_givesEverythingInOrder() {
    NaiveStore naive = keepRandom(400);
    for (Selection selection : selections(naive)) {
      assertThat(ids(streamed(selection))).isEqualTo(naive.inOrder(selection));
    }
  }

  @Test
  void stream_whoseConsumerFails_passesTheFailureOn() {
    keep(List.of(TestEvents.event(1, 0)));
    IllegalStateException failure = new IllegalStateException("the reader went away");
    assertThatThrownBy(
            () ->
                store.stream(
                    Selection.ALL,
                    event -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(store.count(Selection.ALL)).isEqualTo(1);
  }

  // ---- Deleting

  private static final Period AUGUST = new Period(Family.EVENTS, "audit-events-2026.08");
  private static final Period SEPTEMBER = new Period(Family.EVENTS, "audit-events-2026.09");
  private static final Period NOVEMBER = new Period(Family.EVENTS, "audit-events-2026.11");
  private static final Period FIRST_OF_NOVEMBER = new Period(Family.LOGS, "audit-logs-2026.11.01");

  /** Three months of events and a day of log lines, found already. */
  private List<NewEvent> keepPeriods() {
    List<NewEvent> events =
        List.of(
            at("2026-08-31T23:59:59.999999999Z", 0),
            at("2026-09-01T00:00:00Z", 1),
            at("2026-09-30T23:59:59Z", 2),
            at("2026-11-01T00:00:00Z", 3));
    keep(events);
    store.write(List.of(TestEvents.logLine(2, 0, Instant.parse("2026-11-01T08:00:00Z"), "a line")));
    awaitCount(5);
    return events;
  }

  @Test
  void periods_areListedOldestFirst_familyByFamily() throws Exception {
    assertThat(store.periods(Family.EVENTS)).isEmpty();
    assertThat(store.periods(Family.LOGS)).isEmpty();
    keepPeriods();
    AuditEvent wrong = TestEvents.plain().at(Instant.parse("9999-01-01T00:00:00Z")).build();
    store.write(List.of(TestEvents.wrap(TestEvents.position(3, 0), wrong)));
    assertThat(store.periods(Family.EVENTS)).containsExactly(AUGUST, SEPTEMBER, NOVEMBER);
    assertThat(store.periods(Family.LOGS)).containsExactly(FIRST_OF_NOVEMBER);
    store = reopen();
    assertThat(store.periods(Family.EVENTS)).containsExactly(AUGUST, SEPTEMBER, NOVEMBER);
  }

  @Test
  void delete_removesAPeriodWhole_andNothingElse() throws Exception {
    List<NewEvent> events = keepPeriods();
    store.delete(SEPTEMBER);
    assertThat(store.periods(Family.EVENTS)).containsExactly(AUGUST, NOVEMBER);
    awaitCount(3);
    store.delete(FIRST_OF_NOVEMBER);
    awaitCount(2);
    store = reopen();
    assertThat(ids(streamed(Selection.ALL)))
        .containsExactly(events.get(0).documentId(), events.get(3).documentId());
  }

  @Test
  void delete_ofAPeriodThatIsNotThere_isNothing() {
    keepPeriods();
    store.delete(AUGUST);
    store.delete(AUGUST);
    store.delete(new Period(Family.LOGS, "audit-logs-1999.01.01"));
    awaitCount(4);
  }

  @Test
  void count_ofAPeriod_isOfThatIndexAlone() {
    keepPeriods();
    AuditEvent wrong = TestEvents.plain().at(Instant.parse("9999-01-01T00:00:00Z")).build();
    // In ranges of time this one stands in September, but it is in no period.
    Instant inSeptember = Instant.parse("2026-09-15T00:00:00Z");
    store.write(List.of(TestEvents.ingestedAt(inSeptember, TestEvents.position(3, 0), wrong)));
    assertThat(store.count(SEPTEMBER, Query.ALL)).isEqualTo(2);
    assertThat(store.count(SEPTEMBER, parse("@timestamp < 2026-09-15"))).isEqualTo(1);
    assertThat(store.count(SEPTEMBER, parse("actor:nobody"))).isZero();
    assertThat(store.count(FIRST_OF_NOVEMBER, Query.ALL)).isEqualTo(1);
    assertThat(store.count(NOVEMBER, parse("actor:alice"))).isEqualTo(1);
  }

  @Test
  void count_ofAPeriod_seesWhatWasWrittenAMomentAgo() {
    for (int i = 0; i < 20; i++) {
      store.write(List.of(at("2026-09-01T00:00:00Z", i)));
      assertThat(store.count(SEPTEMBER, parse("actor:alice"))).isEqualTo(i + 1);
    }
  }

  @Test
  void count_ofAPeriodThatIsNotThere_isAnError_notZero() {
    keepPeriods();
    store.delete(AUGUST);
    assertThatThrownBy(() -> store.count(AUGUST, Query.ALL)).isInstanceOf(StoreException.class);
  }

  @Test
  void aPeriod_canBeNothingElse() {
    for (String index : List.of("audit-events-unplaced", "audit-logs-2026.11.01", "other", "*")) {
      assertThatThrownBy(() -> new Period(Family.EVENTS, index))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(SEPTEMBER.endsBy(Instant.parse("2026-09-30T23:59:59.999Z"))).isFalse();
    assertThat(SEPTEMBER.endsBy(Instant.parse("2026-10-01T00:00:00Z"))).isTrue();
  }

  @Test
  void write_ofAnEventAppendedAfterItsPeriodExpired_doesNotMakeThePeriodAnew() throws Exception {
    NewEvent event = at("2026-08-31T12:00:00Z", 0);
    keep(List.of(event));
    store.delete(AUGUST);
    Instant later = event.event().timestamp().plus(Retention.DEFAULT.events()).plusMillis(1);
    NewEvent sentAgain = TestEvents.ingestedAt(later, event.position(), event.event());
    assertThat(store.write(List.of(sentAgain))).containsExactly(WriteResult.INDEXED);
    assertThat(store.write(List.of(sentAgain))).containsExactly(WriteResult.DUPLICATE);
    assertThat(store.periods(Family.EVENTS)).isEmpty();
    awaitCount(1);
    assertThat(only(streamed(Selection.ALL)).time()).isEqualTo(later);
    store = reopen();
    assertThat(store.periods(Family.EVENTS)).isEmpty();
  }

  @Test
  void write_afterItsPeriodWasDeleted_works() {
    NewEvent event = at("2026-08-31T12:00:00Z", 0);
    keep(List.of(event));
    store.delete(AUGUST);
    // Elasticsearch's answers that the index is gone, which makes the store make it again.
    await()
        .atMost(FOUND_WITHIN)
        .untilAsserted(
            () -> assertThat(store.write(List.of(event))).containsExactly(WriteResult.INDEXED));
    assertThat(store.count(AUGUST, Query.ALL)).isEqualTo(1);
    store.delete(AUGUST);
    assertThat(store.periods(Family.EVENTS)).isEmpty();
  }

  @Test
  void deleteOfUnplaced_isByFamilyAppendTimeAndQuery() {
    Instant limit = TestEvents.NOW.minus(Duration.ofDays(10));
    Unplaced events = new Unplaced(Family.EVENTS, limit);
    Unplaced lines = new Unplaced(Family.LOGS, limit);
    assertThat(store.count(events, Query.ALL)).isZero();
    assertThat(store.delete(events, Query.ALL)).isZero();
    AuditEvent wrong = TestEvents.plain().at(Instant.parse("9999-01-01T00:00:00Z")).build();
    AuditEvent bobs =
        TestEvents.plain().at(Instant.parse("9999-01-01T00:00:00Z")).set("user.id", "bob").build();
    NewEvent old = TestEvents.ingestedAt(limit.minusMillis(1), TestEvents.position(1, 0), wrong);
    NewEvent kept = TestEvents.ingestedAt(limit.minusMillis(1), TestEvents.position(1, 1), bobs);
    NewEvent recent = TestEvents.ingestedAt(limit, TestEvents.position(1, 2), wrong);
    NewEvent line = TestEvents.logLine(2, 0, Instant.parse("9999-01-01T00:00:00Z"), "a line");
    NewEvent oldLine =
        TestEvents.ingestedAt(limit.minusMillis(1), TestEvents.position(2, 1), line.event());
    keep(List.of(old, kept, recent, line, oldLine));
    assertThat(store.count(events, Query.ALL)).isEqualTo(2);
    assertThat(store.count(events, parse("actor:bob"))).isEqualTo(1);
    assertThat(store.count(lines, Query.ALL)).isEqualTo(1);
    assertThat(store.delete(events, parse("not actor:bob"))).isEqualTo(1);
    awaitCount(4);
    assertThat(ids(streamed(Selection.ALL))).doesNotContain(old.documentId());
    assertThat(store.delete(lines, Query.ALL)).isEqualTo(1);
    awaitCount(3);
    assertThat(ids(streamed(Selection.ALL)))
        .containsExactlyInAnyOrder(kept.documentId(), recent.documentId(), line.documentId());
  }

  // ---- Health

  @Test
  void check_ofAGoodStore_isUp() {
    StoreHealth health = store.check();
    assertThat(health.up()).as(health.reason()).isTrue();
    assertThat(health.reason()).isNotBlank();
  }

  @Test
  void check_afterClose_isDownWithAReason() {
    store.close();
    store.close();
    StoreHealth health = store.check();
    assertThat(health.up()).isFalse();
    assertThat(health.reason()).isNotBlank();
    assertThatThrownBy(() -> store.count(Selection.ALL)).isInstanceOf(StoreException.class);
  }

  // ---- Helpers

  /** Writes new events and waits until they are found. */
  private void keep(List<NewEvent> events) {
    assertThat(store.write(events)).hasSameSizeAs(events).containsOnly(WriteResult.INDEXED);
    awaitCount(events.size());
  }

  private NaiveStore keepRandom(int size) {
    List<NewEvent> events = new RandomEvents(new Random(SEED)).list(size);
    keep(events);
    return new NaiveStore(events);
  }

  private void awaitCount(long expected) {
    refresh();
    awaitCountUnaided(expected);
  }

  private void awaitCountUnaided(long expected) {
    await()
        .atMost(FOUND_WITHIN)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(store.count(Selection.ALL)).isEqualTo(expected));
  }

  private void assertSameIds(NaiveStore naive, Query query) {
    Set<String> expected = naive.documentIds(Selection.of(query));
    assertThat(found(query))
        .as("seed %d: %s", SEED, query)
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(store.count(Selection.of(query)))
        .as("seed %d: count of %s", SEED, query)
        .isEqualTo(expected.size());
  }

  private void assertFinds(String query, NewEvent... expected) {
    assertThat(found(parse(query)))
        .as(query)
        .containsExactlyInAnyOrderElementsOf(
            List.of(expected).stream().map(NewEvent::documentId).toList());
  }

  private static Query parse(String text) {
    try {
      return Query.parse(text);
    } catch (QuerySyntaxException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** Document ids; at most a page is expected. */
  private List<String> found(Query query) {
    SearchPage page = page(query, Order.NEWEST_FIRST, SearchRequest.MAX_SIZE, Optional.empty());
    assertThat(page.next()).isEmpty();
    assertThat(page.total()).isEqualTo(page.events().size());
    return ids(page.events());
  }

  private SearchPage page(Query query, Order order, int size, Optional<String> after) {
    return store.search(new SearchRequest(Selection.of(query), order, size, after));
  }

  private List<StoredEvent> streamed(Selection selection) {
    List<StoredEvent> events = new ArrayList<>();
    store.stream(selection, events::add);
    return events;
  }

  private static List<String> ids(List<StoredEvent> events) {
    return events.stream().map(StoredEvent::documentId).toList();
  }

  private static List<Status> status(List<WriteResult> results) {
    return results.stream().map(WriteResult::status).toList();
  }

  private static StoredEvent only(List<StoredEvent> events) {
    assertThat(events).hasSize(1);
    return events.get(0);
  }

  private static FieldName field(String name) {
    return FieldName.of(name);
  }
}
