package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.agent.http.HttpTransports;
import dev.bitacora.agent.spool.Slot;
import dev.bitacora.agent.supervision.Supervision;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.SpoolFolder;
import dev.bitacora.agent.testing.StreamCheck;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Slots are shared out among processes, and what is left in one is not forgotten. */
final class AdoptionTest {
  private final IntakeServer intake = new IntakeServer("t");
  private final Path spool = SpoolFolder.fresh();
  private final Path slots = Slot.folderOf(spool, "api", "prd");

  @AfterEach
  void close() {
    intake.close();
  }

  private AuditConfig config() {
    return AuditConfig.builder()
        .spoolDir(spool)
        .component("api")
        .environment("prd")
        .url(intake.url())
        .token("t")
        .drain(Duration.ofMillis(100))
        .quiet(true)
        .build();
  }

  private List<Path> segments(String slot) throws IOException {
    try (var files = Files.walk(slots.resolve(slot))) {
      return files.filter(file -> file.toString().endsWith(".seg")).toList();
    }
  }

  @Test
  void agentsBesideEachOther_useASlotEach_andThoseThatFollowUseThemAgain() throws IOException {
    for (int round = 0; round < 3; round++) {
      List<AuditLog> open = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        open.add(AuditLog.open(config()));
      }
      open.forEach(AuditLog::close);
    }
    try (var folders = Files.list(slots)) {
      assertThat(folders.map(f -> f.getFileName().toString()).sorted())
          .containsExactly("slot-0", "slot-1", "slot-2");
    }
  }

  @Test
  void whatIsLeftInASlotThatNobodyUses_isDelivered() throws IOException {
    try (AuditLog first = AuditLog.open(config())) {
      AuditLog second = AuditLog.open(config());
      StreamId stream = second.auditStream().orElseThrow();
      intake.failing(true);
      for (int i = 0; i < 100; i++) {
        assertThat(second.event("a.b").detail("i", i).record().isAccepted()).isTrue();
      }
      second.close();
      intake.failing(false);
      assertThat(segments("slot-1")).isNotEmpty();
      assertThat(first.event("a.b").record().isAccepted()).isTrue();

      List<String> reports = new ArrayList<>();
      Adoption adoption =
          new Adoption(
              slots,
              new Envelope(config(), "test"),
              lane -> new HttpTransports(intake.url(), Optional.of("t"), Optional.empty()),
              new Supervision(reports::add),
              reports::add);
      adoption.run(Duration.ofSeconds(20));

      List<WireRecord> delivered =
          intake.distinct().stream().filter(r -> r.position().stream().equals(stream)).toList();
      assertThat(delivered.stream().filter(r -> r.kind() == RecordKind.AUDIT)).hasSize(100);
      StreamCheck.assertNoUnexplainedGap(delivered);
      StreamCheck.assertChained(delivered);
      assertThat(segments("slot-1")).isEmpty();
      assertThat(segments("slot-0")).as("in use").isNotEmpty();
      assertThat(reports).anyMatch(line -> line.contains("slot-1"));
      int requests = intake.requests();
      adoption.run(Duration.ofSeconds(20));
      assertThat(intake.requests()).as("once").isLessThanOrEqualTo(requests + 2);
    }
  }
}
