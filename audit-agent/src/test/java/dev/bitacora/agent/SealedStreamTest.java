package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.SpoolFolder;
import dev.bitacora.agent.testing.StreamCheck;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.Seal;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The audit lane's chain is signed as it grows, whether anybody can be reached or not. */
final class SealedStreamTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final IntakeServer intake = new IntakeServer("t");
  private final Path spool = SpoolFolder.fresh();

  @AfterEach
  void close() {
    intake.close();
  }

  private AuditLog open() {
    return AuditLog.open(
        AuditConfig.builder()
            .spoolDir(spool)
            .component("api")
            .environment("prd")
            .url(intake.url())
            .token("t")
            .drain(PATIENCE)
            .quiet(true)
            .build());
  }

  private static void record(AuditLog audit, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(audit.event("a.b").detail("i", i).success().record().isAccepted()).isTrue();
    }
  }

  private List<WireRecord> stream(AuditLog audit) {
    return intake.distinct().stream()
        .filter(r -> r.position().stream().equals(audit.auditStream().orElseThrow()))
        .toList();
  }

  private static Optional<AuditEvent> control(WireRecord record, String action) {
    return record.kind() == RecordKind.CONTROL
        ? Optional.of(IntakeServer.parse(record.value()))
            .filter(e -> e.text("event.action").equals(Optional.of(action)))
        : Optional.empty();
  }

  @Test
  void aFullSpool_isNotHeldFullByTheSealThatWaitsForRoom() {
    try (AuditLog audit =
        AuditLog.open(
            AuditConfig.builder()
                .spoolDir(spool)
                .component("api")
                .environment("prd")
                .url(intake.url())
                .token("t")
                .auditSpoolBytes(4 << 20)
                .spoolFull(SpoolFull.BLOCK)
                .maxBlock(Duration.ofSeconds(5))
                .drain(PATIENCE)
                .quiet(true)
                .build())) {
      String text = "x".repeat(1000);
      for (int i = 0; i < 60_000; i++) {
        Receipt receipt = audit.event("a.b").detail("text", text).success().record();
        assertThat(receipt.isAccepted()).as(receipt.toString()).isTrue();
      }
    }
  }

  /** Checks every seal against the chain and the key; how many there were. */
  private static int assertSealed(List<WireRecord> stream) throws Exception {
    byte[] key =
        stream.stream()
            .flatMap(record -> control(record, "agent.ready").stream())
            .map(ready -> ready.text("audit.details.seal_key").orElseThrow())
            .map(text -> Base64.getDecoder().decode(text))
            .findFirst()
            .orElseThrow();
    Map<Long, ChainLink> links = new HashMap<>();
    int seals = 0;
    ChainLink link = ChainLink.ZERO;
    for (WireRecord record : stream) {
      Optional<AuditEvent> seal = control(record, "agent.seal");
      if (seal.isPresent()) {
        long upTo = (Long) seal.get().value("audit.details.up_to").orElseThrow();
        byte[] signature =
            Base64.getDecoder().decode(seal.get().text("audit.details.signature").orElseThrow());
        assertThat(seal.get().text("audit.details.link")).contains(links.get(upTo).toString());
        StreamPosition position = new StreamPosition(record.position().stream(), upTo);
        assertThat(Seal.verifies(key, position, links.get(upTo), signature)).isTrue();
        seals++;
      }
      link = link.next(record.position(), record.value());
      links.put(record.position().sequence(), link);
    }
    return seals;
  }

  @Test
  void everyThousandRecords_areSealed_andTheEndIs() throws Exception {
    AuditLog audit = open();
    record(audit, 3_500);
    audit.close();

    List<WireRecord> stream = stream(audit);
    StreamCheck.assertChained(stream);
    assertThat(assertSealed(stream)).isGreaterThanOrEqualTo(3);
    assertThat(control(stream.get(stream.size() - 1), "agent.stop")).isPresent();
    assertThat(control(stream.get(stream.size() - 2), "agent.seal")).isPresent();
  }

  @Test
  void aBacklog_isSealedWhileNobodyCanBeReached() throws Exception {
    intake.failing(true);
    AuditLog audit = open();
    record(audit, 10);
    long before = audit.health().queueBytes();
    await().atMost(PATIENCE).until(() -> audit.health().queueBytes() > before + 500);
    intake.failing(false);
    audit.close();

    assertThat(assertSealed(stream(audit))).isGreaterThanOrEqualTo(1);
  }

  /** More than memory keeps the links of. */
  @Test
  void aLongBacklog_isDeliveredWithTheLinksItWasSealedWith() throws Exception {
    intake.failing(true);
    AuditLog audit = open();
    long started = audit.health().queueBytes();
    // What the agent has found out about its process comes with the key; sealing begins then.
    await().atMost(PATIENCE).until(() -> audit.health().queueBytes() > started);
    record(audit, 40_000);
    AtomicLong bytes = new AtomicLong();
    await() // each seal makes it larger; other programs may keep the sealer waiting
        .atMost(PATIENCE)
        .during(Duration.ofSeconds(3))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              long now = audit.health().queueBytes();
              return bytes.getAndSet(now) == now;
            });
    intake.failing(false);
    audit.close();

    List<WireRecord> stream = stream(audit);
    StreamCheck.assertChained(stream);
    assertThat(stream).hasSizeGreaterThan(40_000);
    assertThat(assertSealed(stream)).isGreaterThanOrEqualTo(40);
  }

  @Test
  void anIdleStream_isNotSealedAgainAndAgain() {
    AuditLog audit = open();
    record(audit, 1);
    await().atMost(PATIENCE).until(() -> seals(audit) > 0);
    await().during(Duration.ofMillis(2_500)).until(() -> seals(audit) <= 2);
    audit.close();
  }

  private long seals(AuditLog audit) {
    return stream(audit).stream().filter(r -> control(r, "agent.seal").isPresent()).count();
  }

  @Test
  void ready_namesThePredecessor_andHowItEnded() {
    AuditLog first = open();
    record(first, 3);
    first.close();
    AuditLog second = open();
    second.close();

    AuditEvent ready =
        stream(second).stream()
            .flatMap(record -> control(record, "agent.ready").stream())
            .findFirst()
            .orElseThrow();
    long last = stream(first).get(stream(first).size() - 1).position().sequence();
    assertThat(ready.value("audit.details.predecessors").orElseThrow())
        .isEqualTo(
            List.of(
                Map.of(
                    "stream",
                    first.auditStream().orElseThrow().toString(),
                    "last_sequence",
                    last,
                    "ended",
                    "stop")));
  }
}
