package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.SpoolFolder;
import dev.bitacora.agent.testing.StreamCheck;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of records when the intake is not what it should be. */
class DeliveryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private IntakeServer intake = new IntakeServer("t");
  private AuditLog audit;

  @AfterEach
  void close() {
    if (audit != null) {
      audit.close();
    }
    intake.close();
  }

  private AuditConfig.Builder config() {
    return AuditConfig.builder()
        .spoolDir(SpoolFolder.fresh())
        .component("api")
        .environment("dev")
        .url(intake.url())
        .token("t")
        .drain(PATIENCE)
        .quiet(true);
  }

  private void record(int count) {
    for (int i = 0; i < count; i++) {
      assertThat(audit.event("a.b").detail("i", i).success().record().isAccepted()).isTrue();
    }
  }

  private void assertArrivedInOrder(int events) {
    audit.close();
    List<WireRecord> stream =
        intake.distinct().stream()
            .filter(r -> r.position().stream().equals(audit.auditStream().orElseThrow()))
            .toList();
    StreamCheck.assertNoUnexplainedGap(stream);
    StreamCheck.assertChained(stream);
    assertThat(stream.stream().filter(r -> r.kind() == RecordKind.AUDIT)).hasSize(events);
    assertThat(audit.health().queueBytes()).isZero();
  }

  @Test
  void intakeThatFails_isTriedAgainUntilEverythingArrived() {
    intake.failing(true);
    audit = AuditLog.open(config().build());
    record(100);
    await().until(() -> audit.health().state() == AgentHealth.State.DEGRADED);
    assertThat(audit.health().lastError().orElseThrow()).contains("503").contains("not now");
    assertThat(audit.health().oldestUnacknowledged()).isPositive();
    intake.failing(false);

    assertArrivedInOrder(100);
  }

  @Test
  void intakeThatIsAbsent_delaysNothingAndGetsEverythingLater() {
    int port = intake.port();
    intake.close();
    audit = AuditLog.open(config().url(URI.create("http://127.0.0.1:" + port)).build());
    record(100);
    await().until(() -> audit.health().state() == AgentHealth.State.DEGRADED);
    intake = new IntakeServer("t", port);

    assertArrivedInOrder(100);
  }

  @Test
  void answersThatGetLost_makeIdenticalDuplicates() {
    intake.swallowing(true);
    audit = AuditLog.open(config().build());
    record(10);
    await().until(() -> audit.health().state() == AgentHealth.State.DEGRADED);
    intake.swallowing(false);
    assertArrivedInOrder(10);

    List<WireRecord> all = intake.records();
    assertThat(all).hasSizeGreaterThan(intake.distinct().size());
    for (WireRecord first : intake.distinct()) {
      assertThat(all)
          .filteredOn(r -> r.position().equals(first.position()))
          .allMatch(r -> java.util.Arrays.equals(r.value(), first.value()))
          .allMatch(r -> r.previous().equals(first.previous()));
    }
  }

  @Test
  void partialAcknowledgement_isContinuedBehindIt() {
    intake.failing(true);
    audit = AuditLog.open(config().build());
    record(10);
    await().until(() -> audit.health().state() == AgentHealth.State.DEGRADED);
    intake.takeOnly(3);
    intake.failing(false);

    assertArrivedInOrder(10);
    assertThat(intake.distinct()).hasSameSizeAs(intake.records());
  }

  @Test
  void tooManyRequests_waitsAsLongAsTheIntakeSays() {
    intake.refuseOnce(429, Map.of("Retry-After", "1"), "slowly");
    intake.refuseOnce(429, Map.of("Retry-After", "1"), "slowly");
    audit = AuditLog.open(config().build());
    record(10);
    await().until(() -> audit.health().lastError().isPresent());

    assertArrivedInOrder(10);
    assertThat(audit.health().lastError().orElseThrow()).contains("429");
  }

  @Test
  void wrongToken_isHeldAndReported() {
    audit = AuditLog.open(config().token("wrong").drain(Duration.ZERO).build());
    record(1);

    await().until(() -> audit.health().state() == AgentHealth.State.HELD);
    assertThat(audit.health().lastError().orElseThrow()).contains("401").contains("BITACORA_TOKEN");
    assertThat(audit.health().queueBytes()).isPositive();
  }

  @Test
  void serverThatIsNoIntake_isHeld() {
    for (int i = 0; i < 2; i++) {
      intake.refuseOnce(200, Map.of(), "<html>");
    }
    audit = AuditLog.open(config().drain(Duration.ZERO).build());

    await().until(() -> audit.health().state() == AgentHealth.State.HELD);
    assertThat(audit.health().lastError().orElseThrow()).contains("no intake?");
  }

  @Test
  void fullQueue_refusesAndAccountsForWhatItRefused() {
    intake.failing(true);
    audit = AuditLog.open(config().auditSpoolBytes(4 << 20).logSpoolBytes(4 << 20).build());
    String text = "x".repeat(30_000);
    int accepted = 0;
    for (int i = 0; i < 200; i++) {
      accepted += audit.event("a.b").message(text).success().record().isAccepted() ? 1 : 0;
      audit.logLine("INFO", "app", text).record();
    }
    long refused = audit.health().refused();
    assertThat(refused).isEqualTo(200 - accepted).isPositive();
    assertThat(audit.health().shed()).isPositive();
    assertThat(audit.health().queueBytes()).isLessThan(8 << 20);
    intake.failing(false);
    // On a busy machine the pause between tries may have grown to its longest, half a minute.
    await().atMost(PATIENCE.multipliedBy(3)).until(() -> audit.health().queueBytes() == 0);
    assertThat(audit.event("a.b").success().record().isAccepted()).isTrue();

    assertArrivedInOrder(accepted + 1);
    AuditEvent dropped =
        intake.events(RecordKind.CONTROL).stream()
            .filter(e -> e.text("event.action").equals(Optional.of("agent.dropped")))
            .filter(e -> e.text("audit.details.lane").equals(Optional.of("audit")))
            .findFirst()
            .orElseThrow();
    assertThat(dropped.value("audit.details.count")).contains(refused);
    assertThat(dropped.text("event.reason").orElseThrow()).contains("full");
  }

  @Test
  void whatIsRecordedSoonAfterAPause_goesTogether() throws InterruptedException {
    audit = AuditLog.open(config().build());
    int before = 0;
    int pairs = 10;
    for (int pair = 0; pair < pairs; pair++) {
      await().until(() -> audit.health().queueBytes() == 0);
      Thread.sleep(150);
      before = pair == 0 ? intake.requests() : before;
      record(1);
      Thread.sleep(60); // the shipper has seen it: it looks at least every 50 ms
      record(1);
    }

    assertArrivedInOrder(2 * pairs);
    // A seal goes by itself every other second. One by one it would be more than twenty requests.
    assertThat(intake.requests() - before).isLessThan(18);
  }

  @Test
  void httpLane_carriesManyEvents() {
    audit = AuditLog.open(config().build());
    record(20_000);

    assertArrivedInOrder(20_000);
    assertThat(intake.requests()).isLessThan(2_000);
  }
}
