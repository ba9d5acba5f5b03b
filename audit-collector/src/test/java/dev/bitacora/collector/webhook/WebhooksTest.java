package dev.bitacora.collector.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.AlarmBoard;
import dev.bitacora.collector.alarm.Severity;
import dev.bitacora.collector.support.AlarmReceiver;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.testkit.Alertmanager;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Several webhooks at work, and the Alertmanager of the distribution. */
final class WebhooksTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final URI SOURCE = URI.create("http://collector:7071/health/ready");

  private final AlarmBoard board = new AlarmBoard(Clock.systemUTC());

  private Webhooks webhooks(WebhookAddress... addresses) {
    return new Webhooks(List.of(addresses), Optional.empty(), SOURCE, board, Clock.systemUTC());
  }

  private void fire(String name, String service) {
    board.fire(new Alarm(name, Severity.CRITICAL, Map.of("service", service), "Ñandú \"1\" <2>"));
  }

  @Test
  void oneThatHangsAndOneThatIsAway_delayNoOther() throws Exception {
    try (AlarmReceiver hangs = new AlarmReceiver();
        AlarmReceiver away = new AlarmReceiver();
        AlarmReceiver good = new AlarmReceiver();
        Webhooks all = webhooks(hangs.address(), away.address(), good.address())) {
      hangs.hold();
      away.stop();
      all.start();
      fire("Gap", "billing");
      await().atMost(LONG).until(() -> good.alerts().size() == 1);
      board.resolve("Gap", Map.of("service", "billing"));
      await().atMost(LONG).until(() -> good.alerts().size() == 2);
      assertThat(hangs.requests()).isEmpty();
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(all.condition().reason())
                      .contains(away.address().name() + " takes no alarms since"));
      assertThat(all.condition().up()).isTrue();
      assertThat(all.alive()).isTrue();
      away.start();
      await().atMost(LONG).until(() -> away.alerts().size() == 1);
    }
  }

  @Test
  void twoOfOneHost_haveNamesThatDiffer() throws Exception {
    try (AlarmReceiver receiver = new AlarmReceiver();
        Webhooks all = webhooks(receiver.address(), receiver.address())) {
      String name = receiver.address().name();
      assertThat(all.all()).extracting(Webhook::name).containsExactly(name, name + "#2");
    }
  }

  @Test
  void withoutAny_healthSaysWhereAlarmsAre() {
    try (Webhooks none = webhooks()) {
      none.start();
      assertThat(none.condition().up()).isTrue();
      assertThat(none.condition().reason()).contains("no webhook is configured");
    }
  }

  @Test
  void alertmanager_showsWhatFires_andNoMoreWhenItIsOver() throws Exception {
    try (Alertmanager alertmanager = Alertmanager.start();
        Webhooks all = webhooks(WebhookAddress.parse(alertmanager.url().toString()).get(0))) {
      all.start();
      await().atMost(LONG).until(() -> all.all().get(0).isUp());
      fire("BitacoraStreamGap", "billing");
      fire("BitacoraStreamGap", "payroll");
      await().atMost(LONG).until(() -> services(alertmanager).size() == 2);
      Map<?, ?> alert = (Map<?, ?>) alerts(alertmanager).get(0);
      assertThat(alert.get("labels"))
          .isEqualTo(
              Map.of(
                  "alertname", "BitacoraStreamGap", "severity", "critical", "service", "billing"));
      assertThat(alert.get("annotations")).isEqualTo(Map.of("summary", "Ñandú \"1\" <2>"));
      assertThat(alert.get("generatorURL")).isEqualTo(SOURCE.toString());
      board.resolve("BitacoraStreamGap", Map.of("service", "billing"));
      await().atMost(LONG).until(() -> services(alertmanager).equals(List.of("payroll")));
      alertmanager.kill();
      fire("BitacoraLag", "third");
      await().atMost(LONG).until(() -> !all.all().get(0).isUp());
      alertmanager.restart();
      await().atMost(LONG).until(() -> services(alertmanager).contains("third"));
    }
  }

  private static List<String> services(Alertmanager alertmanager) throws Exception {
    List<String> services = new ArrayList<>();
    for (Object alert : alerts(alertmanager)) {
      services.add(((Map<?, ?>) ((Map<?, ?>) alert).get("labels")).get("service").toString());
    }
    services.sort(null);
    return services;
  }

  /** Ordered as they are labelled. */
  private static List<?> alerts(Alertmanager alertmanager) throws Exception {
    List<Object> alerts =
        new ArrayList<>(
            (List<?>) JsonTree.read(alertmanager.alerts().getBytes(StandardCharsets.UTF_8)));
    alerts.sort(Comparator.comparing(alert -> ((Map<?, ?>) alert).get("labels").toString()));
    return alerts;
  }
}
