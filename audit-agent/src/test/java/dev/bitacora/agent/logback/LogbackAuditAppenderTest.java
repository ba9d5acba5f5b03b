package dev.bitacora.agent.logback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.status.Status;
import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.context.User;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.SpoolFolder;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.wire.RecordKind;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.logstash.logback.argument.StructuredArguments;
import net.logstash.logback.marker.Markers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogbackAuditAppenderTest {
  private final IntakeServer intake = new IntakeServer("t");
  private final LoggerContext context = new LoggerContext();
  private AuditLog audit;
  private Logger logger;

  @BeforeEach
  void attachAppender() {
    audit =
        AuditLog.open(
            AuditConfig.builder()
                .spoolDir(SpoolFolder.fresh())
                .component("cache")
                .environment("uat")
                .url(intake.url())
                .token("t")
                .quiet(true)
                .build());
    context.setMDCAdapter(MDC.getMDCAdapter());
    LogbackAuditAppender appender = new LogbackAuditAppender();
    appender.setContext(context);
    appender.setAuditLog(audit);
    appender.start();
    logger = context.getLogger("com.example.Cleaner");
    logger.addAppender(appender);
    logger.setLevel(Level.TRACE);
  }

  @AfterEach
  void close() {
    MDC.clear();
    audit.close();
    intake.close();
  }

  private AuditEvent only(RecordKind kind) {
    return await().until(() -> intake.events(kind), found -> found.size() == 1).get(0);
  }

  @Test
  void line_carriesLevelLoggerThreadMessageAndMdc() {
    MDC.put("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736");
    MDC.put("span_id", "00f067aa0ba902b7");
    MDC.put("tenant", "acme");
    logger.warn("evicted {} entries", 17);

    AuditEvent line = only(RecordKind.LOG);
    assertThat(line.text("event.dataset")).contains("log");
    assertThat(line.text("log.level")).contains("WARN");
    assertThat(line.text("log.logger")).contains("com.example.Cleaner");
    assertThat(line.text("process.thread.name")).contains(Thread.currentThread().getName());
    assertThat(line.text("message")).contains("evicted 17 entries");
    assertThat(line.text("trace.id")).contains("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(line.text("span.id")).contains("00f067aa0ba902b7");
    assertThat(line.value("labels")).contains(Map.of("tenant", "acme"));
    assertThat(line.text("service.name")).contains("cache");
    assertThat(line.text("user.id")).contains("system");
  }

  @Test
  void line_withException_carriesIt() {
    logger.error("failed", new IllegalStateException("disk full"));

    AuditEvent line = only(RecordKind.LOG);
    assertThat(line.text("error.type")).contains("java.lang.IllegalStateException");
    assertThat(line.text("error.message")).contains("disk full");
    assertThat(line.text("error.stack_trace").orElseThrow()).contains("LogbackAuditAppenderTest");
  }

  @Test
  void structuredArgumentsMarkersAndKeyValues_becomeFields() {
    logger
        .atInfo()
        .addMarker(Markers.append("queue", Map.of("depth", 3)))
        .addKeyValue("http.response.status_code", 200)
        .addKeyValue("attempt", 2)
        .setMessage("sent {}")
        .addArgument(StructuredArguments.kv("invoice", "I-9"))
        .log();

    AuditEvent line = only(RecordKind.LOG);
    assertThat(line.text("message")).contains("sent invoice=I-9");
    assertThat(line.value("http.response.status_code")).contains(200L);
    assertThat(line.value("audit.details"))
        .contains(Map.of("queue", Map.of("depth", 3L), "attempt", 2L, "invoice", "I-9"));
  }

  @Test
  void markedLine_isTheSameEventAsOneRecordedInCode() throws Exception {
    logger
        .atInfo()
        .addMarker(AuditMarker.AUDIT)
        .addKeyValue("action", "invoice.approve")
        .addKeyValue("actor", "u42")
        .addKeyValue("actor.name", "Ann Lee")
        .addKeyValue("target.type", "invoice")
        .addKeyValue("target.id", "I-981")
        .addKeyValue("outcome", "success")
        .addKeyValue("amount", 12)
        .log("approved");
    AuditEvent marked = only(RecordKind.AUDIT);
    Instant time = marked.timestamp();
    AuditEvent coded =
        IntakeServer.parse(
            audit
                .event("invoice.approve")
                .actor(User.id("u42").name("Ann Lee"))
                .target("invoice", "I-981")
                .success()
                .detail("amount", 12)
                .message("approved")
                .at(time)
                .record()
                .bytes());

    Map<String, Object> withoutLogFields = new HashMap<>(JsonTree.readObject(marked.bytes()));
    withoutLogFields.remove("log");
    Map<Object, Object> process = new HashMap<>((Map<?, ?>) withoutLogFields.get("process"));
    process.remove("thread");
    withoutLogFields.put("process", process);
    assertThat(withoutLogFields).isEqualTo(coded.tree());
  }

  @Test
  void markedLine_withException_isAFailure() {
    logger
        .atError()
        .addMarker(AuditMarker.AUDIT)
        .addKeyValue("action", "invoice.reject")
        .setCause(new RuntimeException("no"))
        .log("rejected");

    assertThat(only(RecordKind.AUDIT).text("event.outcome")).contains("failure");
  }

  @Test
  void toStringThatLogs_doesNotRecurse() {
    Object chatty =
        new Object() {
          @Override
          public String toString() {
            logger.info("inside {}", this);
            return "chatty";
          }
        };
    logger.atInfo().addKeyValue("object", chatty).log("outside");

    assertThat(only(RecordKind.LOG).text("message")).contains("outside");
  }

  @Test
  void linesOfTheAgentsOwnThreads_areIgnored() throws Exception {
    for (String name :
        List.of(
            "bitacora-cache/uat-log", "kafka-producer-network-thread | bitacora-cache-uat-log-1")) {
      Thread thread = new Thread(() -> logger.info("from inside"), name);
      thread.start();
      thread.join();
    }
    logger.info("from outside");

    assertThat(only(RecordKind.LOG).text("message")).contains("from outside");
  }

  @Test
  void start_withoutAUsableEnvironment_saysWhyAndHarmsNobody() {
    LogbackAuditAppender unconfigured = new LogbackAuditAppender();
    unconfigured.setContext(context);
    unconfigured.start();

    assertThat(unconfigured.isStarted()).isFalse();
    assertThat(context.getStatusManager().getCopyOfStatusList())
        .filteredOn(status -> status.getLevel() == Status.ERROR)
        .extracting(Status::getMessage)
        .anyMatch(message -> message.contains("BITACORA_SERVICE_NAME"));
  }
}
