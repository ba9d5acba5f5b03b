package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.http.HttpTransports;
import dev.bitacora.agent.testing.BreakingTransports;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.SpoolFolder;
import dev.bitacora.agent.testing.StreamCheck;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An error in the agent's own threads delays delivery and ends nothing. */
final class RestartedThreadsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final IntakeServer intake = new IntakeServer("t");
  private final BreakingTransports transports =
      new BreakingTransports(new HttpTransports(intake.url(), Optional.of("t"), Optional.empty()));

  @AfterEach
  void close() {
    intake.close();
  }

  private AuditLog open() {
    return AuditLog.open(
        AuditConfig.builder()
            .spoolDir(SpoolFolder.fresh())
            .component("api")
            .environment("prd")
            .transport(transports)
            .drain(PATIENCE)
            .quiet(true)
            .build());
  }

  @Test
  void errorsWhileSending_areReportedAndCounted_andEverythingArrivesInOrder() {
    transports
        .onOpen(new NoClassDefFoundError("org/example/Missing"))
        .onOpen(new OutOfMemoryError("on purpose"))
        .onSend(new StackOverflowError("on purpose"))
        .onSend(new OutOfMemoryError("on purpose"))
        .onClose(new AssertionError("on purpose"));
    AuditLog audit = open();
    for (int i = 0; i < 1000; i++) {
      assertThat(audit.event("a.b").detail("i", i).success().record().isAccepted()).isTrue();
    }
    await().until(() -> audit.health().state() == AgentHealth.State.DEGRADED);
    assertThat(audit.health().lastError().orElseThrow()).contains("bitacora-api/prd-");
    await().atMost(PATIENCE).until(() -> audit.health().queueBytes() == 0);
    assertThat(transports.left()).isZero();
    assertThat(audit.health().threadRestarts()).isEqualTo(5);
    await().until(() -> audit.health().state() == AgentHealth.State.UP);
    audit.close();

    List<WireRecord> stream =
        intake.distinct().stream()
            .filter(r -> r.position().stream().equals(audit.auditStream().orElseThrow()))
            .toList();
    StreamCheck.assertNoUnexplainedGap(stream);
    StreamCheck.assertChained(stream);
    assertThat(stream.stream().filter(r -> r.kind() == RecordKind.AUDIT)).hasSize(1000);
  }
}
