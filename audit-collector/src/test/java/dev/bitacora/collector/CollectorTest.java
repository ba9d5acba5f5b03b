package dev.bitacora.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bitacora.collector.http.IntakeHandler;
import dev.bitacora.collector.http.ServerSettings;
import dev.bitacora.collector.intake.Sender;
import dev.bitacora.collector.intake.SenderAuthenticator;
import dev.bitacora.collector.kafka.IndexerSettings;
import dev.bitacora.collector.kafka.KafkaConnection;
import dev.bitacora.collector.support.KafkaTopics;
import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.query.Query;
import dev.bitacora.core.wire.BatchFormat;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.Retention;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.store.lucene.LuceneStore;
import dev.bitacora.store.state.FileStateStore;
import dev.bitacora.testkit.KafkaBroker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole distributed collector: HTTP to Kafka to the store. */
final class CollectorTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ServerSettings ANY_PORT =
      new ServerSettings("127.0.0.1", 0, Optional.empty());
  private static KafkaBroker broker;

  @TempDir Path data;

  private KafkaTopics topics;
  private LuceneStore store;
  private FileStateStore state;
  private Collector collector;

  @BeforeAll
  static void startBroker() {
    broker = KafkaBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void start() throws Exception {
    topics = KafkaTopics.fresh(broker);
    store = new LuceneStore(data.resolve("index"), Retention.DEFAULT);
    store.start();
    state = new FileStateStore(data.resolve("state"));
    state.start();
    collector = collector(ANY_PORT);
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.close();
    store.close();
    topics.close();
  }

  private Collector collector(ServerSettings listen) {
    return collector(listen, topics.connection());
  }

  private Collector collector(ServerSettings listen, KafkaConnection connection) {
    return new Collector(
        connection,
        IndexerSettings.DEFAULT,
        listen,
        store,
        Retention.DEFAULT,
        state,
        Optional.empty(),
        authorization ->
            new SenderAuthenticator.Accepted(new Sender("billing", Optional.of("prd"))),
        AlarmSettings.NONE,
        "1.2.3");
  }

  @Test
  void agentsBatchAndForeignEvents_goThroughKafkaIntoTheStore() throws Exception {
    TestStream stream = new TestStream();
    WireRecord own = stream.next();
    WireRecord foreign = stream.next(TestStream.event("payroll").build());
    WireRecord bad = stream.next("no event");
    HttpResponse<String> batch =
        post(BatchFormat.MEDIA_TYPE, BatchFormat.write(List.of(own, foreign, bad)));
    assertThat(batch.body()).isEqualTo("{\"acknowledgedThrough\":2}");
    HttpResponse<String> line =
        post(
            "application/json",
            "{\"event\":{\"action\":\"a\"},\"message\":\"m\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(line.statusCode()).isEqualTo(200);
    awaitIndexed(2 + 2);
    assertThat(only(own).agentIdStatus()).isEqualTo(AgentIdStatus.AUTH_METADATA_MISSING);
    assertThat(only(own).original()).isEqualTo(own.value());
    assertThat(only(foreign).agentIdStatus()).isEqualTo(AgentIdStatus.MISMATCH);
    assertThat(collector.deadLetters().list(10)).hasSize(1);
    await().atMost(Duration.ofSeconds(30)).until(() -> collector.balance().inFlight() == 0);
    assertThat(collector.balance().isBalanced()).isTrue();
    assertThat(collector.balance().consumed()).isEqualTo(5);
  }

  @Test
  void healthAndMetrics_tellWhatIsAssigned() throws Exception {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(get("/health/ready").statusCode()).isEqualTo(200));
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    topics.send(new TestStream().next(10));
    awaitIndexed(10);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(get("/metrics").body())
                    .contains(
                        "bitacora_consumed_total 10.0",
                        "bitacora_indexed_total 10.0",
                        "bitacora_streams_live 0.0",
                        "bitacora_stream_gaps_open 0.0",
                        "bitacora_stream_gaps_total 0.0",
                        "bitacora_deadletters_open{reason=\"malformed-json\"} 0.0",
                        "bitacora_lag_records{partition=\"bitacora.audit/0\"} 0.0"));
  }

  @Test
  void batch_whileTheBrokerIsDown_isNotAcknowledgedAndHealthSaysWhy() throws Exception {
    Map<String, String> hasty = new HashMap<>(topics.client());
    hasty.put("max.block.ms", "2000");
    hasty.put("request.timeout.ms", "2000");
    hasty.put("delivery.timeout.ms", "3000");
    collector.close();
    collector = collector(ANY_PORT, new KafkaConnection(hasty));
    collector.start();
    broker.kill();
    byte[] body = BatchFormat.write(new TestStream().next(3));
    HttpResponse<String> answer = post(BatchFormat.MEDIA_TYPE, body);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("does not answer; start the broker");
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(get("/health/ready").statusCode()).isEqualTo(503));
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    broker.restart();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> post(BatchFormat.MEDIA_TYPE, body).statusCode() == 200);
    awaitIndexed(3);
  }

  @Test
  void start_onATakenPort_saysSo() {
    ServerSettings taken = new ServerSettings("127.0.0.1", collector.port(), Optional.empty());
    try (Collector second = collector(taken)) {
      assertThatThrownBy(second::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the port is taken");
    }
  }

  private void awaitIndexed(long count) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(store.count(Selection.ALL)).isEqualTo(count));
  }

  private StoredEvent only(WireRecord record) {
    List<StoredEvent> found = store.get(record.position().eventId(), Query.ALL);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private HttpResponse<String> post(String type, byte[] body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(uri(IntakeHandler.PATH))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(uri(path)).GET().build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + collector.port() + path);
  }
}
