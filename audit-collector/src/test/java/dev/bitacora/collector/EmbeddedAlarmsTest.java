package dev.bitacora.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.collector.http.CollectorServer;
import dev.bitacora.collector.http.ServerSettings;
import dev.bitacora.collector.intake.Sender;
import dev.bitacora.collector.intake.SenderAuthenticator;
import dev.bitacora.collector.support.AlarmReceiver;
import dev.bitacora.store.Retention;
import dev.bitacora.store.Selection;
import dev.bitacora.store.lucene.LuceneStore;
import dev.bitacora.store.state.FileStateStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a bad event to a webhook, an event, a metric and health, in a whole embedded collector. */
final class EmbeddedAlarmsTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path data;

  private AlarmReceiver receiver;
  private LuceneStore store;
  private EmbeddedCollector collector;
  private CollectorServer server;

  @BeforeEach
  void start() throws Exception {
    receiver = new AlarmReceiver();
    store = new LuceneStore(data.resolve("index"), Retention.DEFAULT);
    store.start();
    FileStateStore state = new FileStateStore(data.resolve("state"));
    state.start();
    AlarmSettings none = AlarmSettings.NONE;
    collector =
        new EmbeddedCollector(
            store,
            Retention.DEFAULT,
            store.positions(),
            state,
            data.resolve("dlq"),
            authorization -> new SenderAuthenticator.Unauthenticated(),
            new AlarmSettings(
                List.of(receiver.address()),
                none.tls(),
                none.certificates(),
                none.host(),
                none.source(),
                Duration.ofMillis(100)),
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
    store.close();
    receiver.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private List<String> stored() {
    List<String> events = new ArrayList<>();
    store.stream(
        Selection.ALL, event -> events.add(new String(event.original(), StandardCharsets.UTF_8)));
    return events;
  }

  @Test
  void deadLetter_reachesWhoeverShouldHearOfIt() throws Exception {
    assertThat(get("/health/ready").body()).contains("nothing fires");
    parkADeadLetter();
    await().atMost(LONG).until(() -> !receiver.alerts().isEmpty());
    assertThat(receiver.alerts().get(0).get("labels"))
        .isEqualTo(
            Map.of(
                "alertname",
                "BitacoraDeadLetters",
                "severity",
                "warning",
                "reason",
                "malformed-json"));
    assertThat(collector.firing()).hasSize(1);
    assertThat(get("/metrics").body())
        .contains("bitacora_alarms{alarmname=\"BitacoraDeadLetters\",severity=\"warning\"} 1")
        .contains("bitacora_webhook_up{webhook=\"" + receiver.address().name() + "\"} 1");
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(stored())
                    .filteredOn(event -> event.contains("bitacora.alarm.firing"))
                    .singleElement()
                    .satisfies(event -> assertThat(event).contains("malformed-json")));
  }

  @Test
  void webhookThatFails_standsInHealthAndMetrics_andMakesNothingUnready() throws Exception {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(get("/health/ready").body()).contains("1 of 1 webhooks work"));
    receiver.stop();
    parkADeadLetter();
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(get("/health/ready").body())
                    .contains(
                        "0 of 1 webhooks work",
                        "takes no alarms since",
                        "1 alarms fire: BitacoraDeadLetters"));
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/health/live").body()).doesNotContain("webhooks work");
    assertThat(get("/metrics").body())
        .contains("bitacora_webhook_up{webhook=\"" + receiver.address().name() + "\"} 0")
        .containsPattern("bitacora_webhook_failures_total\\{.*} [1-9]");
    receiver.start();
    await().atMost(LONG).until(() -> receiver.alerts().size() >= 1);
  }

  private void parkADeadLetter() throws Exception {
    collector
        .intake()
        .appendForeign(
            List.of("no JSON".getBytes(StandardCharsets.UTF_8)),
            new Sender("billing", Optional.of("prd")),
            Optional.empty());
  }
}
