package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.spool.Durability;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.StreamCheck;
import dev.bitacora.agent.testing.TestConfig;
import dev.bitacora.core.wire.RecordKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An interrupt is the component's business: it costs no event, and the agent does not eat it. */
final class InterruptedCallersTest {
  private final IntakeServer intake = new IntakeServer("t");

  @AfterEach
  void close() {
    intake.close();
  }

  private AuditConfig.Builder config() {
    return TestConfig.deliveringTo(intake).drain(Duration.ofSeconds(30));
  }

  /** Makes a call on an interrupted thread, and checks that it is interrupted afterwards. */
  private static <T> T interrupted(Callable<T> call) throws Exception {
    Thread.currentThread().interrupt();
    T result;
    boolean stayed;
    try {
      result = call.call();
    } finally {
      stayed = Thread.interrupted();
    }
    assertThat(stayed).as("still interrupted").isTrue();
    return result;
  }

  @Test
  void openAndRecord_workAsEver() throws Exception {
    AuditLog audit = interrupted(() -> AuditLog.open(config().build()));
    assertThat(audit.health().durability()).isEqualTo(Durability.PROCESS);
    Receipt receipt = interrupted(() -> audit.event("a.b").success().record());
    assertThat(receipt.isAccepted()).isTrue();
    CompletableFuture<Receipt> durably =
        interrupted(() -> audit.event("a.b").success().recordDurably());
    assertThat(durably.get(30, TimeUnit.SECONDS).durability()).isEqualTo(Durability.HOST);
    CompletableFuture<Receipt> remotely =
        interrupted(() -> audit.event("a.b").success().recordRemotely());
    assertThat(remotely.get(30, TimeUnit.SECONDS).durability()).isEqualTo(Durability.REMOTE);
    audit.close();

    assertThat(intake.events(RecordKind.AUDIT)).hasSize(3);
  }

  @Test
  void interruptsWhileRecording_loseNothing() throws Exception {
    AuditLog audit = AuditLog.open(config().build());
    Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
    List<Thread> recorders = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread recorder =
          new Thread(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  receipts.add(audit.event("a.b").message("x".repeat(2_000)).success().record());
                }
              });
      recorder.start();
      recorders.add(recorder);
    }
    while (recorders.stream().anyMatch(Thread::isAlive)) {
      recorders.forEach(Thread::interrupt);
      LockSupport.parkNanos(100_000);
    }
    audit.close();

    assertThat(receipts).hasSize(8_000).allMatch(Receipt::isAccepted);
    assertThat(intake.events(RecordKind.AUDIT)).hasSize(8_000);
    StreamCheck.assertNoUnexplainedGap(intake.distinct());
  }

  /** Records until the spool is full and this thread has to wait for room. */
  private static Thread fill(AuditLog audit, Queue<Receipt> receipts, AtomicBoolean stayed) {
    Thread thread =
        new Thread(
            () -> {
              for (int i = 0; i < 200; i++) {
                receipts.add(audit.event("a.b").message("x".repeat(30_000)).success().record());
              }
              stayed.set(Thread.currentThread().isInterrupted());
            });
    thread.start();
    return thread;
  }

  /** A caller that waits is mostly parked, but not at each look. */
  private static void awaitStandstill(Queue<Receipt> receipts) {
    AtomicInteger before = new AtomicInteger();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> receipts.size() > 0 && before.getAndSet(receipts.size()) == receipts.size());
  }

  @Test
  void blockedCaller_waitsForRoomAllTheSame() throws Exception {
    intake.failing(true);
    AuditConfig config =
        config()
            .auditSpoolBytes(4 << 20)
            .spoolFull(SpoolFull.BLOCK)
            .maxBlock(Duration.ofSeconds(60))
            .build();
    Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
    AtomicBoolean stayed = new AtomicBoolean();
    try (AuditLog audit = AuditLog.open(config)) {
      Thread thread = fill(audit, receipts, stayed);
      awaitStandstill(receipts);
      thread.interrupt();
      await().during(Duration.ofMillis(300)).until(() -> receipts.size() < 200);
      intake.failing(false);
      thread.join();
    }

    assertThat(stayed).isTrue();
    assertThat(receipts).hasSize(200).allMatch(Receipt::isAccepted);
    assertThat(intake.events(RecordKind.AUDIT)).hasSize(200);
  }

  @Test
  void blockedCaller_isRefusedWhenItsTimeIsOver_andIsToldSo() throws Exception {
    intake.failing(true);
    AuditConfig config =
        config()
            .auditSpoolBytes(4 << 20)
            .spoolFull(SpoolFull.BLOCK)
            .maxBlock(Duration.ofMillis(5))
            .build();
    Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
    AtomicBoolean stayed = new AtomicBoolean();
    try (AuditLog audit = AuditLog.open(config)) {
      Thread thread = fill(audit, receipts, stayed);
      thread.interrupt();
      thread.join();
      assertThat(audit.health().refused())
          .isEqualTo(receipts.stream().filter(receipt -> !receipt.isAccepted()).count())
          .isPositive();
      intake.failing(false);
    }

    assertThat(stayed).isTrue();
    assertThat(receipts)
        .filteredOn(receipt -> !receipt.isAccepted())
        .allMatch(receipt -> receipt.reason().contains("full"));
    StreamCheck.assertNoUnexplainedGap(intake.distinct());
  }
}
