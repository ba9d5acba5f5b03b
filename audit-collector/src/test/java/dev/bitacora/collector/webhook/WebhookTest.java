package dev.bitacora.collector.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.AlarmBoard;
import dev.bitacora.collector.alarm.Severity;
import dev.bitacora.collector.support.AlarmReceiver;
import dev.bitacora.collector.support.TestClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One webhook, turn by turn, with a clock that the test moves and a real HTTP server. */
final class WebhookTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Instant BEGIN = Instant.parse("2026-03-02T10:00:00Z");
  private static final Map<String, String> LABELS = Map.of("service", "billing");

  private final TestClock clock = new TestClock();
  private final AlarmBoard board = new AlarmBoard(clock);
  private AlarmReceiver receiver;
  private Webhook webhook;

  @BeforeEach
  void start() throws Exception {
    receiver = new AlarmReceiver();
    webhook = webhook(receiver.address(), LONG);
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private Webhook webhook(WebhookAddress address, Duration patience) {
    Webhook made =
        new Webhook(
            address,
            URI.create("http://collector:7071/health/ready"),
            board::firing,
            HttpClient::newHttpClient,
            patience,
            clock);
    board.listen(made);
    return made;
  }

  private void fire(String name) {
    board.fire(new Alarm(name, Severity.WARNING, LABELS, name + " happened"));
  }

  @Test
  void whileNothingFires_itGreetsOnceAndIsSilent() throws Exception {
    assertThat(webhook.isUp()).isFalse();
    webhook.turn();
    webhook.turn();
    assertThat(receiver.requests()).containsExactly(List.of());
    assertThat(webhook.isUp()).isTrue();
  }

  @Test
  void whatFires_isSentInAlertmanagersForm() throws Exception {
    fire("Gap");
    clock.forward(Duration.ofSeconds(2));
    webhook.turn();
    assertThat(receiver.alerts())
        .containsExactly(
            Map.of(
                "labels",
                Map.of("alertname", "Gap", "severity", "warning", "service", "billing"),
                "annotations",
                Map.of("summary", "Gap happened"),
                "startsAt",
                "2026-03-02T10:00:00Z",
                "endsAt",
                "2026-03-02T10:04:02Z",
                "generatorURL",
                "http://collector:7071/health/ready"));
  }

  @Test
  void labelsThatPrometheusDoesNotKnow_areMended() throws Exception {
    board.fire(
        new Alarm("Gap", Severity.CRITICAL, Map.of("log.name", "a", "1st", "b", "ñ", "c"), ""));
    webhook.turn();
    assertThat(receiver.alerts().get(0).get("labels"))
        .isEqualTo(
            Map.of(
                "alertname",
                "Gap",
                "severity",
                "critical",
                "log_name",
                "a",
                "_1st",
                "b",
                "_",
                "c"));
  }

  @Test
  void whatFiresOn_isSentAgainEveryMinute_withItsNewSummary() throws Exception {
    fire("Gap");
    webhook.turn();
    clock.forward(Duration.ofSeconds(59));
    webhook.turn();
    assertThat(receiver.requests()).hasSize(1);
    board.fire(new Alarm("Gap", Severity.WARNING, LABELS, "and again"));
    clock.forward(Duration.ofSeconds(1));
    webhook.turn();
    assertThat(receiver.requests()).hasSize(2);
    assertThat(receiver.alerts().get(1))
        .containsEntry("annotations", Map.of("summary", "and again"))
        .containsEntry("startsAt", BEGIN.toString())
        .containsEntry("endsAt", "2026-03-02T10:05:00Z");
  }

  @Test
  void whatIsOver_isSentWithItsEnd_once() throws Exception {
    fire("Gap");
    webhook.turn();
    clock.forward(Duration.ofSeconds(10));
    board.resolve("Gap", LABELS);
    clock.forward(Duration.ofSeconds(10));
    webhook.turn();
    webhook.turn();
    assertThat(receiver.requests()).hasSize(2);
    assertThat(receiver.alerts().get(1)).containsEntry("endsAt", "2026-03-02T10:00:10Z");
  }

  @Test
  void whatBeganAndEndedBetweenTwoTurns_isSentAllTheSame() throws Exception {
    fire("Gap");
    board.resolve("Gap", LABELS);
    webhook.turn();
    assertThat(receiver.alerts()).hasSize(1);
    assertThat(receiver.alerts().get(0)).containsEntry("endsAt", BEGIN.toString());
  }

  @Test
  void whatIsGraverNow_endsUnderItsOldSeverity() throws Exception {
    fire("Expires");
    webhook.turn();
    board.fire(new Alarm("Expires", Severity.CRITICAL, LABELS, "tomorrow"));
    webhook.turn();
    assertThat(receiver.alerts())
        .extracting(
            alert -> ((Map<?, ?>) alert.get("labels")).get("severity") + " " + alert.get("endsAt"))
        .containsExactly(
            "warning 2026-03-02T10:04:00Z",
            "critical 2026-03-02T10:04:00Z",
            "warning 2026-03-02T10:00:00Z");
  }

  @Test
  void receiverThatRefuses_isAskedAgainUntilItConfirms() throws Exception {
    receiver.answerWith(500);
    fire("Gap");
    for (int i = 1; i <= 5; i++) {
      webhook.turn();
      assertThat(webhook.failures()).isEqualTo(i);
    }
    assertThat(webhook.trouble())
        .hasValueSatisfying(
            trouble ->
                assertThat(trouble).contains("takes no alarms since " + BEGIN, "it answered 500"));
    board.resolve("Gap", LABELS);
    webhook.turn();
    receiver.answerWith(200);
    webhook.turn();
    assertThat(receiver.alerts()).hasSize(1);
    assertThat(receiver.alerts().get(0)).containsEntry("endsAt", BEGIN.toString());
    assertThat(webhook.isUp()).isTrue();
    assertThat(webhook.trouble()).isEmpty();
  }

  @Test
  void receiverThatWasAway_isToldWhatFiresWhenItIsBack() throws Exception {
    receiver.stop();
    fire("Gap");
    webhook.turn();
    assertThat(webhook.isUp()).isFalse();
    assertThat(webhook.trouble().orElseThrow()).contains("ConnectException");
    clock.forward(Duration.ofHours(5));
    receiver.start();
    webhook.turn();
    assertThat(receiver.alerts()).hasSize(1);
    assertThat(receiver.alerts().get(0))
        .containsEntry("startsAt", BEGIN.toString())
        .containsEntry("endsAt", "2026-03-02T15:04:00Z");
  }

  @Test
  void receiverThatDoesNotAnswer_isGivenUpAndAskedAgain() throws Exception {
    Webhook impatient = webhook(receiver.address(), Duration.ofMillis(300));
    receiver.hold();
    fire("Gap");
    impatient.turn();
    assertThat(impatient.failures()).isEqualTo(1);
    receiver.letGo();
    Webhook patient = webhook(receiver.address(), LONG);
    patient.turn();
    assertThat(patient.isUp()).isTrue();
  }

  @Test
  void manyAlarms_areSentInSeveralRequests() throws Exception {
    for (int i = 0; i < 250; i++) {
      board.fire(new Alarm("Gap", Severity.WARNING, Map.of("stream", "s" + i), ""));
    }
    webhook.turn();
    assertThat(receiver.requests()).extracting(List::size).containsExactly(100, 100, 50);
  }

  @Test
  void authorization_goesAlongAndIsNotTold() throws Exception {
    WebhookAddress secret =
        WebhookAddress.parse("http://hidden@" + receiver.uri().getAuthority() + "/hidden").get(0);
    Webhook authorized = webhook(secret, LONG);
    authorized.turn();
    assertThat(receiver.authorizations()).containsExactly(Optional.of("Bearer hidden"));
    receiver.answerWith(401);
    fire("Gap");
    authorized.turn();
    assertThat(authorized.trouble().orElseThrow())
        .contains(receiver.uri().getAuthority(), "it answered 401")
        .doesNotContain("hidden");
  }
}
