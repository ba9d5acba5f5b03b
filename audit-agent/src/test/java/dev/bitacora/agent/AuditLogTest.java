package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.context.AuditContext;
import dev.bitacora.agent.context.TraceContext;
import dev.bitacora.agent.context.User;
import dev.bitacora.agent.spool.Durability;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.SpoolFolder;
import dev.bitacora.agent.testing.StreamCheck;
import dev.bitacora.core.config.InvalidConfigurationException;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditLogTest {
  private static final String TOKEN = "t0ken";

  private IntakeServer intake;
  private AuditLog audit;

  @BeforeEach
  void openAgent() {
    intake = new IntakeServer(TOKEN);
    audit = AuditLog.open(config().build());
  }

  @AfterEach
  void closeAgent() {
    audit.close();
    intake.close();
  }

  private AuditConfig.Builder config() {
    return AuditConfig.builder()
        .spoolDir(SpoolFolder.fresh())
        .component("api")
        .environment("prd")
        .version("1.4.2")
        .nodeName("api-1")
        .url(intake.url())
        .token(TOKEN)
        .quiet(true);
  }

  private AuditEvent arrived(Receipt receipt) {
    assertThat(receipt.isAccepted()).as(receipt.toString()).isTrue();
    WireRecord record =
        await()
            .until(
                () ->
                    intake.records().stream()
                        .filter(r -> r.position().equals(receipt.position().orElseThrow()))
                        .findFirst()
                        .orElse(null),
                found -> found != null);
    assertThat(record.value()).isEqualTo(receipt.bytes());
    return IntakeServer.parse(record.value());
  }

  @Test
  void record_withEverything_arrivesAsOneEvent() {
    Receipt receipt =
        audit
            .event("invoice.approve")
            .actor(User.id("u42").name("Ann Lee").email("ann@example.com").roles("approver"))
            .target("invoice", "I-981", "Invoice 981")
            .related("order", "O-7")
            .change("status", "pending", "approved")
            .label("region", "eu")
            .detail("amount", 12.5)
            .at(Instant.parse("2026-11-21T10:15:30.123456789Z"))
            .duration(Duration.ofMillis(3))
            .mandatory()
            .success()
            .record();

    AuditEvent event = arrived(receipt);
    assertThat(event.timestamp()).isEqualTo(Instant.parse("2026-11-21T10:15:30.123456789Z"));
    Map<String, Object> expected = new HashMap<>();
    expected.put("event.action", "invoice.approve");
    expected.put("event.outcome", "success");
    expected.put("event.duration", 3_000_000L);
    expected.put("user.id", "u42");
    expected.put("user.name", "Ann Lee");
    expected.put("user.email", "ann@example.com");
    expected.put("user.roles", List.of("approver"));
    expected.put("audit.actor.type", "user");
    expected.put("audit.target.type", "invoice");
    expected.put("audit.target.id", "I-981");
    expected.put("audit.target.name", "Invoice 981");
    expected.put("audit.target.related", List.of("order:O-7"));
    expected.put("audit.change.fields", List.of("status"));
    expected.put("audit.change.before", Map.of("status", "pending"));
    expected.put("audit.change.after", Map.of("status", "approved"));
    expected.put("audit.class", "mandatory");
    expected.put("audit.details", Map.of("amount", 12.5));
    expected.put("labels", Map.of("region", "eu"));
    expected.put("service.name", "api");
    expected.put("service.environment", "prd");
    expected.put("service.version", "1.4.2");
    expected.put("service.node.name", "api-1");
    expected.put("message", "Ann Lee invoice.approve invoice I-981: success");
    expected.forEach((name, value) -> assertThat(event.value(name)).as(name).contains(value));
  }

  @Test
  void record_returnsAReceiptThatSaysWhatItIs() {
    Receipt receipt = audit.event("a.b").success().record();

    assertThat(receipt.dataset()).isEqualTo(Dataset.AUDIT);
    assertThat(receipt.durability()).isEqualTo(Durability.PROCESS);
    assertThat(receipt.position()).isPresent();
    assertThat(receipt.eventId()).contains(receipt.position().orElseThrow().eventId());
    assertThat(receipt)
        .hasToString(
            "accepted " + receipt.eventId().orElseThrow() + ", survives the death of the process");
  }

  @Test
  void bothLanes_beginWithStartAndEndWithStop_andNameEachOther() {
    audit.event("a.b").success().record();
    audit.logLine("INFO", "app", "hello").record();
    audit.close();

    var streams = StreamCheck.byStream(intake.distinct());
    assertThat(streams).hasSize(2);
    StreamCheck.assertNoUnexplainedGap(intake.distinct());
    streams.forEach(
        (stream, records) -> {
          AuditEvent first = IntakeServer.parse(records.get(0).value());
          AuditEvent last = IntakeServer.parse(records.get(records.size() - 1).value());
          assertThat(records.get(0).position().sequence()).isZero();
          assertThat(first.text("event.action")).contains("agent.start");
          assertThat(first.text("audit.details.stream")).contains(stream.toString());
          assertThat(streams.keySet())
              .map(Object::toString)
              .contains(first.text("audit.details.other_stream").orElseThrow());
          assertThat(last.text("event.action")).contains("agent.stop");
        });
  }

  @Test
  void auditLane_isChainedInOrder_andLogLaneCarriesZeros() {
    for (int i = 0; i < 5000; i++) {
      audit.event("a.b").detail("i", i).success().record();
      audit.logLine("INFO", "app", "line " + i).record();
    }
    audit.close();

    StreamCheck.byStream(intake.distinct())
        .forEach(
            (stream, records) -> {
              if (audit.auditStream().orElseThrow().equals(stream)) {
                StreamCheck.assertChained(records);
              } else {
                assertThat(records)
                    .allMatch(r -> r.previous().equals(dev.bitacora.core.chain.ChainLink.ZERO));
              }
            });
  }

  @Test
  void aThousandCallsInARow_andAHundredThreadsWithAThousandEach_getEachNumberOnce()
      throws Exception {
    AuditLog busy = AuditLog.open(config().drain(Duration.ofSeconds(60)).build());
    Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
    recordThousand(busy, receipts);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 100; t++) {
      Thread thread = new Thread(() -> recordThousand(busy, receipts));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    busy.close();

    assertThat(receipts).hasSize(101_000).allMatch(Receipt::isAccepted);
    assertThat(receipts.stream().map(Receipt::position).distinct()).hasSize(101_000);
    List<WireRecord> stream =
        intake.distinct().stream()
            .filter(r -> r.position().stream().equals(busy.auditStream().orElseThrow()))
            .toList();
    StreamCheck.assertNoUnexplainedGap(stream);
    StreamCheck.assertChained(stream);
    assertThat(stream.stream().filter(r -> r.kind() == RecordKind.AUDIT)).hasSize(101_000);
  }

  private static void recordThousand(AuditLog audit, Queue<Receipt> receipts) {
    for (int i = 0; i < 1000; i++) {
      receipts.add(audit.event("a.b").detail("i", i).success().record());
    }
  }

  @Test
  void recordRemotely_completesWhenTheIntakeHasIt() throws Exception {
    Receipt receipt = audit.event("a.b").success().recordRemotely().get(10, TimeUnit.SECONDS);

    assertThat(intake.records())
        .anyMatch(r -> r.position().equals(receipt.position().orElseThrow()));
  }

  @Test
  void recordDurably_completesWhenTheDiskHasIt() throws Exception {
    Receipt receipt = audit.event("a.b").success().recordDurably().get(10, TimeUnit.SECONDS);

    assertThat(receipt.durability()).isEqualTo(Durability.HOST);
    assertThat(receipt.isAccepted()).isTrue();
  }

  @Test
  void whereNoFolderCanBeWritten_recordsWaitInMemory_andEverythingSaysSo() throws Exception {
    Path file = Files.createTempFile(Path.of("target"), "no-folder", "");
    try (AuditLog other = AuditLog.open(config().spoolDir(file).build())) {
      Receipt receipt = other.event("a.b").success().record();

      assertThat(receipt.isAccepted()).isTrue();
      assertThat(receipt.durability()).isEqualTo(Durability.MEMORY);
      assertThat(other.health().durability()).isEqualTo(Durability.MEMORY);
      assertThat(other.health().state()).isEqualTo(AgentHealth.State.DEGRADED);
      assertThat(other.health().lastError().orElseThrow()).contains(file.toString());
      arrived(receipt);
      Receipt remotely = other.event("a.b").success().recordDurably().get(10, TimeUnit.SECONDS);
      assertThat(remotely.durability()).isEqualTo(Durability.REMOTE);
    }
    assertThat(intake.events(RecordKind.CONTROL))
        .anyMatch(e -> e.text("audit.details.durability").orElse("").contains("memory only"));
  }

  @Test
  void recordRemotely_whenTheAgentIsClosedBefore_fails() {
    intake.failing(true);
    AuditLog other = AuditLog.open(config().drain(Duration.ofMillis(10)).build());
    var future = other.event("a.b").success().recordRemotely();
    other.close();

    assertThatThrownBy(() -> future.get(10, TimeUnit.SECONDS))
        .hasMessageContaining("closed before");
  }

  @Test
  void record_insideAContext_takesActorClientRequestAndTraceFromIt() {
    TraceContext trace = TraceContext.start();
    AuditContext context =
        AuditContext.EMPTY
            .withActor(User.id("u7"))
            .withClient("203.0.113.9", "10.0.0.1")
            .withUserAgent("curl/8")
            .withRequestId("r-1")
            .withTrace(trace);
    Receipt receipt;
    try (AuditContext.Scope scope = context.open()) {
      assertThat(scope).isNotNull();
      receipt = audit.event("a.b").success().record();
    }

    AuditEvent event = arrived(receipt);
    assertThat(event.text("user.id")).contains("u7");
    assertThat(event.text("client.ip")).contains("203.0.113.9");
    assertThat(event.text("source.ip")).contains("10.0.0.1");
    assertThat(event.text("user_agent.original")).contains("curl/8");
    assertThat(event.text("http.request.id")).contains("r-1");
    assertThat(event.text("trace.id")).contains(trace.traceId());
    assertThat(event.text("span.id")).contains(trace.spanId());
  }

  @Test
  void record_withoutActor_isAnonymousInARequestAndSystemOutside() {
    Receipt outside = audit.event("a.b").success().record();
    Receipt inside;
    try (AuditContext.Scope scope = AuditContext.EMPTY.withRequestId("r").open()) {
      assertThat(scope).isNotNull();
      inside = audit.event("a.b").success().record();
    }

    assertThat(arrived(outside).text("user.id")).contains("system");
    assertThat(arrived(inside).text("user.id")).contains("anonymous");
  }

  @Test
  void failure_carriesReasonAndError() {
    AuditEvent event =
        arrived(
            audit
                .event("a.b")
                .error(new IllegalStateException("no such invoice"))
                .failure("rejected")
                .record());

    assertThat(event.text("event.outcome")).contains("failure");
    assertThat(event.text("event.reason")).contains("rejected");
    assertThat(event.text("error.type")).contains("java.lang.IllegalStateException");
    assertThat(event.text("error.message")).contains("no such invoice");
    assertThat(event.text("error.stack_trace").orElseThrow()).contains("AuditLogTest");
  }

  @Test
  void error_aloneMeansFailure() {
    AuditEvent event = arrived(audit.event("a.b").error(new RuntimeException()).record());

    assertThat(event.text("event.outcome")).contains("failure");
  }

  @Test
  void open_withInvalidConfiguration_listsEveryError() {
    assertThatThrownBy(
            () -> AuditLog.open(AuditConfig.builder().url(URI.create("ftp://x")).build()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("BITACORA_SERVICE_NAME")
        .hasMessageContaining("BITACORA_ENVIRONMENT")
        .hasMessageContaining("BITACORA_URL");
  }

  @Test
  void switchedOff_refusesAndNeedsNoOtherSetting() {
    try (AuditLog off = AuditLog.open(AuditConfig.builder().enabled(false).quiet(true).build())) {
      Receipt receipt = off.event("a.b").success().record();

      assertThat(receipt.isAccepted()).isFalse();
      assertThat(receipt.reason()).contains("BITACORA_ENABLED");
      assertThat(off.health().state()).isEqualTo(AgentHealth.State.DISABLED);
      assertThat(off.event("a.b").recordRemotely()).isCompletedExceptionally();
    }
  }

  @Test
  void heartbeats_comeInBothLanes() {
    try (AuditLog beating = AuditLog.open(config().heartbeat(Duration.ofMillis(20)).build())) {
      assertThat(beating.auditStream()).isPresent();
      await()
          .untilAsserted(
              () ->
                  assertThat(intake.events(RecordKind.CONTROL))
                      .filteredOn(
                          e ->
                              e.text("event.action")
                                  .equals(java.util.Optional.of("agent.heartbeat")))
                      .extracting(e -> e.text("audit.details.lane").orElseThrow())
                      .contains("audit", "log"));
      AuditEvent heartbeat =
          intake.events(RecordKind.CONTROL).stream()
              .filter(e -> e.text("event.action").equals(java.util.Optional.of("agent.heartbeat")))
              .findFirst()
              .orElseThrow();
      for (String fact :
          List.of(
              "last_sequence",
              "accepted",
              "spool_bytes",
              "heap_used_bytes",
              "threads",
              "load_1m",
              "disk_free_bytes",
              "open_files",
              "cpu_process",
              "resident_bytes")) {
        assertThat(heartbeat.value("audit.details." + fact)).as(fact).isPresent();
      }
    }
  }

  @Test
  void close_isIdempotent_andLaterRecordsAreRefused() {
    audit.close();
    audit.close();

    assertThat(audit.event("a.b").success().record().isAccepted()).isFalse();
    assertThat(audit.health().state()).isEqualTo(AgentHealth.State.STOPPED);
  }

  @Test
  void health_countsWhatHappened() {
    audit.event("a.b").success().record();
    audit.logLine("INFO", "app", "hello").record();

    await().until(() -> audit.health().acknowledged() == 2);
    AgentHealth health = audit.health();
    assertThat(health.accepted()).isEqualTo(2);
    assertThat(health.shipped()).isEqualTo(2);
    assertThat(health.refused()).isZero();
    assertThat(health.shed()).isZero();
    assertThat(health.durability()).isEqualTo(Durability.PROCESS);
    assertThat(health.state()).isEqualTo(AgentHealth.State.UP);
    assertThat(health.lastError()).isEmpty();
  }
}
