package dev.bitacora.collector.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.collector.AlarmSettings;
import dev.bitacora.collector.EmbeddedCollector;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.intake.Sender;
import dev.bitacora.collector.intake.SenderAuthenticator;
import dev.bitacora.collector.support.SabotagedStore;
import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.query.Query;
import dev.bitacora.core.wire.BatchFormat;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.Retention;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.lucene.LuceneStore;
import dev.bitacora.store.state.FileStateStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded intake over real HTTP, into the real Lucene store. */
final class IntakeHttpTest {
  private static final String NDJSON = "application/x-ndjson";
  private static final String JSON = "application/json";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path data;

  private LuceneStore lucene;
  private SabotagedStore store;
  private EmbeddedCollector collector;
  private CollectorServer server;

  @BeforeEach
  void start() throws Exception {
    lucene = new LuceneStore(data.resolve("index"), Retention.DEFAULT);
    lucene.start();
    store = new SabotagedStore(lucene);
    FileStateStore state = new FileStateStore(data.resolve("state"));
    state.start();
    collector =
        new EmbeddedCollector(
            store,
            Retention.DEFAULT,
            lucene.positions(),
            state,
            data.resolve("dlq"),
            IntakeHttpTest::authenticate,
            AlarmSettings.NONE,
            "1.2.3");
    collector.start();
    server =
        new CollectorServer(
            new ServerSettings("127.0.0.1", 0, Optional.empty()),
            collector.intakeHandler(),
            collector.operations());
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
    collector.close();
    lucene.close();
  }

  private void restart() throws Exception {
    stop();
    start();
  }

  private static SenderAuthenticator.Verdict authenticate(Optional<String> authorization) {
    return switch (authorization.orElse("")) {
      case "Bearer billing-token" ->
          new SenderAuthenticator.Accepted(new Sender("billing", Optional.of("prd")));
      case "Bearer reader-token" -> new SenderAuthenticator.Forbidden();
      default -> new SenderAuthenticator.Unauthenticated();
    };
  }

  @Test
  void batch_ofAnAgent_isAcknowledgedAndFoundByteForByte() throws Exception {
    List<WireRecord> records = new TestStream().next(20);
    HttpResponse<String> answer = post(BatchFormat.MEDIA_TYPE, BatchFormat.write(records));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"acknowledgedThrough\":19}");
    for (WireRecord record : records) {
      StoredEvent stored = only(record.position());
      assertThat(stored.original()).isEqualTo(record.value());
      assertThat(stored.agentIdStatus()).isEqualTo(AgentIdStatus.VERIFIED);
      assertThat(stored.log())
          .isEqualTo(new LogPosition("bitacora.audit/0", record.position().sequence()));
    }
  }

  @Test
  void batch_inGzip_isAccepted() throws Exception {
    byte[] body = gzip(BatchFormat.write(new TestStream().next(3)));
    HttpResponse<String> answer = post(BatchFormat.MEDIA_TYPE, body, "Content-Encoding", "gzip");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(count()).isEqualTo(3);
  }

  @Test
  void batch_sentAgain_isAcknowledgedAgainAndKeptOnce() throws Exception {
    byte[] body = BatchFormat.write(new TestStream().next(5));
    post(BatchFormat.MEDIA_TYPE, body);
    assertThat(post(BatchFormat.MEDIA_TYPE, body).body()).isEqualTo("{\"acknowledgedThrough\":4}");
    assertThat(count()).isEqualTo(5);
    assertThat(collector.balance().duplicates()).isEqualTo(5);
    assertThat(collector.balance().isBalanced()).isTrue();
  }

  @Test
  void batch_withBadEvents_parksThemAndAcknowledgesAll() throws Exception {
    TestStream stream = new TestStream();
    List<WireRecord> records = new ArrayList<>();
    records.add(stream.next());
    records.add(stream.next("not json"));
    records.add(stream.next("{\"message\":\"no event\"}"));
    records.add(stream.next(RecordKind.LOG, TestStream.event("billing").build().bytes()));
    records.add(
        stream.next(
            new String(TestStream.event("billing").build().bytes(), StandardCharsets.UTF_8)
                .replace("\"version\":\"1.0\"", "\"version\":\"2.0\"")));
    records.add(stream.next());
    HttpResponse<String> answer = post(BatchFormat.MEDIA_TYPE, BatchFormat.write(records));
    assertThat(answer.body()).isEqualTo("{\"acknowledgedThrough\":5}");
    assertThat(count()).isEqualTo(2);
    assertThat(letters())
        .extracting(letter -> letter.reason().text())
        .containsExactly("malformed-json", "invalid-event", "invalid-event", "unknown-version");
    assertThat(letters().get(0).record().value())
        .hasValueSatisfying(value -> assertThat(value).isEqualTo(records.get(1).value()));
  }

  @Test
  void batch_ofAnotherComponent_isKeptAndMarked() throws Exception {
    TestStream stream = new TestStream();
    WireRecord record = stream.next(TestStream.event("payroll").build());
    post(BatchFormat.MEDIA_TYPE, BatchFormat.write(List.of(record)));
    assertThat(only(record.position()).agentIdStatus()).isEqualTo(AgentIdStatus.MISMATCH);
  }

  @Test
  void batch_ofTheLogLane_getsTheLogsOffsets() throws Exception {
    WireRecord record = new TestStream().next(TestStream.logLine("started"));
    post(BatchFormat.MEDIA_TYPE, BatchFormat.write(List.of(record)));
    assertThat(only(record.position()).log()).isEqualTo(new LogPosition("bitacora.log/0", 0));
  }

  @Test
  void offsets_afterARestart_goOn() throws Exception {
    post(BatchFormat.MEDIA_TYPE, BatchFormat.write(new TestStream().next(7)));
    restart();
    WireRecord record = new TestStream().next();
    post(BatchFormat.MEDIA_TYPE, BatchFormat.write(List.of(record)));
    assertThat(only(record.position()).log().offset()).isEqualTo(7);
  }

  @Test
  void foreignLines_becomeNumberedEventsOfTheTokensComponent() throws Exception {
    String body =
        """
        {"event":{"action":"invoice.pay"},"message":"one"}
        {"event.action":"invoice.pay","message":"two","user.id":"ana"}
        """;
    HttpResponse<String> answer = post(NDJSON, body);
    assertThat(answer.statusCode()).isEqualTo(200);
    List<String> ids = ids(answer);
    assertThat(ids).hasSize(2);
    StreamPosition first = StreamPosition.parse(ids.get(0));
    assertThat(first.sequence()).isEqualTo(1);
    assertThat(event(first).text("service.name")).contains("billing");
    assertThat(only(first).agentIdStatus()).isEqualTo(AgentIdStatus.VERIFIED);
    StreamPosition start = new StreamPosition(first.stream(), 0);
    assertThat(event(start).text("event.action")).contains("agent.start");
    assertThat(event(start).dataset()).isEqualTo(Dataset.CONTROL);
    assertThat(event(StreamPosition.parse(ids.get(1))).text("user.id")).contains("ana");
  }

  @Test
  void foreignArraysAndSingleObjects_areTaken() throws Exception {
    assertThat(ids(post(JSON, "[" + item("one") + "," + item("two") + "]"))).hasSize(2);
    assertThat(ids(post(JSON, item("three")))).hasSize(1);
    assertThat(ids(post(JSON + "; charset=utf-8", item("four")))).hasSize(1);
  }

  @Test
  void foreignEvent_ofAnotherComponent_isKeptAndMarked() throws Exception {
    String item =
        "{\"event\":{\"action\":\"a\"},\"message\":\"m\",\"service\":{\"name\":\"payroll\"}}";
    StreamPosition position = StreamPosition.parse(ids(post(JSON, item)).get(0));
    assertThat(only(position).agentIdStatus()).isEqualTo(AgentIdStatus.MISMATCH);
    assertThat(event(position).text("service.name")).contains("payroll");
  }

  @Test
  void foreignItems_thatAreHostile_areParkedAndTheirNeighboursKept() throws Exception {
    List<String> hostile =
        List.of(
            "not json at all",
            "{\"a\":".repeat(101) + "1" + "}".repeat(101),
            "{\"message\":\"" + "x".repeat(10 << 20) + "\"}",
            "{\"message\":\"m\",\"message\":\"n\",\"event\":{\"action\":\"a\"}}",
            "{\"event\":{\"action\":{\"not\":\"text\"}},\"message\":5}",
            "{\"event\":{\"action\":\"a\",\"duration\":\"long\"},\"message\":\"m\"}",
            "[1,2,3]",
            "\"text\"",
            "null",
            "{\"event\":{\"action\":\"a\"},\"message\":\"m\",\"client\":{\"ip\":\"nowhere\"}}",
            "{\"event\":{\"action\":\"a\"},\"message\":\"m\",\"@timestamp\":\"yesterday\"}",
            "{\"event\":{\"action\":\"a\",\"original\":\"x\"},\"message\":\"m\"}",
            "{\"event\":{\"action\":\"\\ud800\"},\"message\":\"m\"}");
    StringBuilder body = new StringBuilder();
    for (String bad : hostile) {
      body.append(item("good")).append('\n').append(bad).append('\n');
    }
    HttpResponse<String> answer = post(NDJSON, body.toString());
    assertThat(answer.statusCode()).isEqualTo(200);
    Map<String, Object> tree = JsonTree.readObject(answer.body().getBytes(StandardCharsets.UTF_8));
    assertThat(tree.get("accepted")).isEqualTo((long) hostile.size());
    assertThat(tree.get("dead_lettered")).isEqualTo((long) hostile.size());
    assertThat(ids(answer)).hasSize(hostile.size());
    assertThat(answer.body()).contains("too-large", "malformed-json", "invalid-event");
    assertThat(letters()).hasSize(hostile.size());
    for (int i = 0; i < hostile.size(); i++) {
      byte[] sent = hostile.get(i).getBytes(StandardCharsets.UTF_8);
      assertThat(letters().get(i).record().value())
          .hasValueSatisfying(value -> assertThat(value).isEqualTo(sent));
      assertThat(letters().get(i).record().sender()).isEqualTo("billing");
    }
    assertThat(collector.balance().isBalanced()).isTrue();
    assertThat(collector.balance().inFlight()).isZero();
  }

  @Test
  void foreignEvent_ofTheYear9999_isKeptAndMarkedImplausible() throws Exception {
    String item =
        "{\"event\":{\"action\":\"a\"},\"message\":\"m\",\"@timestamp\":\"9999-12-31T23:59:59Z\"}";
    StoredEvent stored = only(StreamPosition.parse(ids(post(JSON, item)).get(0)));
    assertThat(stored.plausibleTime()).isFalse();
  }

  @Test
  void ownStream_ofManyRequestsAtOnce_hasNoHole() throws Exception {
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread sender = new Thread(() -> postQuietly(5));
      sender.start();
      senders.add(sender);
    }
    for (Thread sender : senders) {
      sender.join();
    }
    collector.close();
    List<StoredEvent> events = new ArrayList<>();
    lucene.stream(Selection.ALL, events::add);
    events.sort((a, b) -> a.position().compareTo(b.position()));
    assertThat(events).hasSize(1 + 20 + 1);
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).position().sequence()).isEqualTo(i);
    }
    assertThat(AuditEvent.parse(events.get(21).original()).text("event.action"))
        .contains("agent.stop");
  }

  private void postQuietly(int times) {
    for (int i = 0; i < times; i++) {
      try {
        assertThat(post(JSON, item("n" + i)).statusCode()).isEqualTo(200);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void ownStream_afterTheStoreFailed_hasNoHole() throws Exception {
    post(JSON, item("one"));
    store.answerAll(WriteResult.Status.TRANSIENT, "the disk is full");
    HttpResponse<String> failed = post(JSON, item("two"));
    assertThat(failed.statusCode()).isEqualTo(503);
    assertThat(failed.headers().firstValue("Retry-After")).isPresent();
    assertThat(failed.body()).contains("the disk is full", "send the same again");
    store.repair();
    StreamPosition third = StreamPosition.parse(ids(post(JSON, item("three"))).get(0));
    assertThat(third.sequence()).isEqualTo(3);
    assertThat(event(new StreamPosition(third.stream(), 2)).text("message")).contains("two");
    assertThat(collector.balance().isBalanced()).isTrue();
    assertThat(collector.balance().released()).isEqualTo(1);
  }

  @Test
  void idempotencyKey_repeated_makesTheSameEventsEvenAfterARestart() throws Exception {
    String body = item("one") + "\n" + item("two") + "\nbad\n";
    HttpResponse<String> first = post(NDJSON, bytes(body), "Idempotency-Key", "order-1");
    HttpResponse<String> second = post(NDJSON, bytes(body), "Idempotency-Key", "order-1");
    restart();
    HttpResponse<String> third = post(NDJSON, bytes(body), "Idempotency-Key", "order-1");
    assertThat(ids(second)).isEqualTo(ids(first));
    assertThat(ids(third)).isEqualTo(ids(first));
    assertThat(third.body()).contains("\"duplicate\":2");
    assertThat(count()).isEqualTo(1 + 2);
    assertThat(collector.balance().conflicts()).isZero();
  }

  @Test
  void idempotencyKey_withAnotherBody_isRefused() throws Exception {
    post(JSON, bytes(item("one")), "Idempotency-Key", "order-1");
    HttpResponse<String> answer = post(JSON, bytes(item("two")), "Idempotency-Key", "order-1");
    assertThat(answer.statusCode()).isEqualTo(422);
    restart();
    assertThat(post(JSON, bytes(item("two")), "Idempotency-Key", "order-1").statusCode())
        .isEqualTo(422);
  }

  @Test
  void request_withoutAToken_is401() throws Exception {
    HttpResponse<String> answer = send(request(JSON, bytes(item("x"))));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(count()).isZero();
  }

  @Test
  void request_withAWrongToken_is401() throws Exception {
    assertThat(
            send(request(JSON, bytes(item("x"))).header("Authorization", "Bearer wrong"))
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void request_withALargeBodyAndAWrongToken_stillReadsWhy() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(send(request(JSON, new byte[900_000])).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void request_withAReadersToken_is403() throws Exception {
    HttpResponse<String> answer =
        send(request(JSON, bytes(item("x"))).header("Authorization", "Bearer reader-token"));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("token create --component");
    assertThat(count()).isZero();
  }

  @Test
  void request_thatIsMalformed_saysWhy() throws Exception {
    assertProblem(post(BatchFormat.MEDIA_TYPE, bytes("short")), 400, "expected a stream");
    byte[] batch = BatchFormat.write(new TestStream().next(1));
    batch[16] = 0x7f;
    assertProblem(post(BatchFormat.MEDIA_TYPE, batch), 400, "the frame at byte 16");
    assertProblem(post("text/plain", "x"), 415, "expected application/x-ndjson");
    assertProblem(post(JSON, "  "), 400, "expected at least one event");
    assertProblem(post(JSON, bytes(item("x")), "Content-Encoding", "br"), 415, "expected gzip");
    assertProblem(
        post(JSON, bytes(item("x")), "Content-Encoding", "gzip"), 400, "Content-Encoding");
    byte[] cut = gzip(bytes(item("x")));
    assertProblem(
        post(JSON, java.util.Arrays.copyOf(cut, cut.length / 2), "Content-Encoding", "gzip"),
        400,
        "Content-Encoding");
    assertThat(count()).isZero();
  }

  @Test
  void body_thatGrowsTooLargeWhenDecompressed_is413() throws Exception {
    byte[] bomb = gzip(new byte[IntakeHandler.MAX_BODY_BYTES + 1]);
    assertProblem(post(NDJSON, bomb, "Content-Encoding", "gzip"), 413, "send smaller batches");
  }

  @Test
  void request_whileTheIntakeIsBehind_is429() throws Exception {
    restartWith(new IntakeHandler(collector.intake(), IntakeHttpTest::authenticate, 500));
    HttpResponse<String> answer = post(JSON, item("x".repeat(1000)));
    assertProblem(answer, 429, "send the same again later");
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(post(JSON, item("small")).statusCode()).isEqualTo(200);
  }

  @Test
  void requests_whileTheStoreIsSlow_areBoundedAndTakenOnceItIsNot() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    store.answer(
        event -> {
          await(slow);
          return Optional.empty();
        });
    restartWith(new IntakeHandler(collector.intake(), IntakeHttpTest::authenticate, 2_000));
    byte[] first = BatchFormat.write(new TestStream().next(3));
    byte[] second = BatchFormat.write(new TestStream().next(3));
    CompletableFuture<HttpResponse<String>> waiting =
        CLIENT.sendAsync(
            request(BatchFormat.MEDIA_TYPE, first)
                .header("Authorization", "Bearer billing-token")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    Awaitility.await().until(() -> !store.batchSizes().isEmpty());

    HttpResponse<String> behind = post(BatchFormat.MEDIA_TYPE, second);
    assertProblem(behind, 429, "Intake is behind");
    assertThat(behind.headers().firstValue("Retry-After")).contains("1");
    assertThat(waiting).isNotDone();

    slow.countDown();
    assertThat(waiting.get().statusCode()).isEqualTo(200);
    assertThat(post(BatchFormat.MEDIA_TYPE, second).statusCode()).isEqualTo(200);
    assertThat(count()).isEqualTo(6);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void restartWith(IntakeHandler handler) {
    server.close();
    server =
        new CollectorServer(
            new ServerSettings("127.0.0.1", 0, Optional.empty()), handler, collector.operations());
    server.start();
  }

  @Test
  void metrics_afterTraffic_satisfyTheEquation() throws Exception {
    post(NDJSON, item("one") + "\nbad\n");
    String metrics = get("/metrics").body();
    assertThat(metrics)
        .contains(
            "bitacora_consumed_total 3.0",
            "bitacora_indexed_total 2.0",
            "bitacora_duplicates_total 0.0",
            "bitacora_deadlettered_total{reason=\"malformed-json\"} 1.0",
            "bitacora_lost_total 0.0",
            "bitacora_inflight_bytes 0.0",
            "bitacora_lag_seconds 0.0",
            "bitacora_bulk_seconds_count",
            "bitacora_end_to_end_seconds_bucket",
            "bitacora_clock_skew_seconds_count",
            "build_info{version=\"1.2.3\"} 1");
  }

  @Test
  void health_isReadyAndLive() throws Exception {
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    HttpResponse<String> ready = get("/health/ready");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.body()).contains("\"store\":{\"status\":\"UP\"");
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String detail) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(detail);
  }

  private static String item(String message) {
    return "{\"event\":{\"action\":\"invoice.pay\"},\"message\":\"" + message + "\"}";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private HttpResponse<String> post(String type, String body) throws Exception {
    return post(type, bytes(body));
  }

  private HttpResponse<String> post(String type, byte[] body, String... headers) throws Exception {
    HttpRequest.Builder request =
        request(type, body).header("Authorization", "Bearer billing-token");
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  private HttpRequest.Builder request(String type, byte[] body) {
    return HttpRequest.newBuilder(uri(IntakeHandler.PATH))
        .header("Content-Type", type)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).GET());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static List<String> ids(HttpResponse<String> answer) throws Exception {
    List<String> ids = new ArrayList<>();
    Map<String, Object> tree = JsonTree.readObject(bytes(answer.body()));
    for (Object item : (List<?>) tree.get("items")) {
      if (((Map<?, ?>) item).get("id") instanceof String id) {
        ids.add(id);
      }
    }
    return ids;
  }

  private long count() {
    return lucene.count(Selection.ALL);
  }

  private List<DeadLetter> letters() throws Exception {
    return collector.deadLetters().list(1000);
  }

  private StoredEvent only(StreamPosition position) {
    List<StoredEvent> found = lucene.get(position.eventId(), Query.ALL);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private AuditEvent event(StreamPosition position) throws Exception {
    return AuditEvent.parse(only(position).original());
  }
}
