package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.spool.Slot;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.RecordingProcess;
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
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a component's processes had accepted arrives, whenever they were killed and however many
 * there were. The judge is outside: what they said on their output is compared with what came.
 */
final class KilledComponentTest {
  private static final int ROUNDS = 6;

  private final IntakeServer intake = new IntakeServer("t0ken");
  private final Random random = new Random(42);
  private final Set<String> accepted = new TreeSet<>();

  @TempDir private Path directory;

  @AfterEach
  void close() {
    intake.close();
  }

  private AuditConfig config() {
    return AuditConfig.builder()
        .component("billing")
        .environment("prd")
        .url(intake.url())
        .token("t0ken")
        .spoolDir(directory.resolve("spool"))
        .quiet(true)
        .build();
  }

  private RecordingProcess start(String... arguments) throws IOException {
    return RecordingProcess.start(directory, intake, RecordingExample.class, arguments);
  }

  private void recordUntilKilled() throws Exception {
    RecordingProcess process = start();
    try {
      process.awaitOutput(50_000 + random.nextInt(300_000));
    } finally {
      process.kill();
    }
    accepted.addAll(process.receipts());
  }

  private List<String> slots() throws IOException {
    try (Stream<Path> folders =
        Files.list(Slot.folderOf(directory.resolve("spool"), "billing", "prd"))) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  /** The next process in the first slot, and an operator for the others. */
  private void deliverTheRest() throws IOException {
    try (AuditLog last = AuditLog.open(config())) {
      assertThat(last.event("a.b").record().isAccepted()).isTrue();
      await().atMost(Duration.ofSeconds(60)).until(() -> last.health().queueBytes() == 0);
    }
    SpoolDrain.Result unused = new SpoolDrain(config(), line -> {}).run(Duration.ofSeconds(60));
  }

  private void assertNothingIsMissing() {
    assertThat(RecordingProcess.delivered(intake)).containsAll(accepted);
    Map<StreamId, List<WireRecord>> streams =
        new TreeMap<>(StreamCheck.byStream(intake.distinct()));
    StreamCheck.assertNoUnexplainedGap(intake.distinct());
    streams.values().stream()
        .filter(stream -> stream.stream().anyMatch(r -> r.kind() == RecordKind.AUDIT))
        .forEach(StreamCheck::assertChained);
  }

  @Test
  void whatWasAccepted_survivesKilling() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      intake.failing(round % 2 == 0);
      recordUntilKilled();
    }
    intake.failing(false);
    deliverTheRest();

    assertThat(accepted).hasSizeGreaterThan(1000);
    assertNothingIsMissing();
  }

  /** Their successors send what is left, and are killed before they know that it has arrived. */
  @Test
  void killedTwiceInARowWhileRecovering_losesNothing() throws Exception {
    intake.failing(true);
    recordUntilKilled();
    intake.failing(false);
    intake.swallowing(true);
    for (int kills = 0; kills < 2; kills++) {
      int before = intake.records().size();
      RecordingProcess recovering = start("0");
      try {
        await().atMost(Duration.ofSeconds(60)).until(() -> intake.records().size() > before);
      } finally {
        recovering.kill();
      }
    }
    intake.swallowing(false);
    deliverTheRest();

    assertThat(intake.records()).hasSizeGreaterThan(intake.distinct().size());
    assertNothingIsMissing();
  }

  @Test
  void processesOneAfterTheOther_useTheSameSlot() throws Exception {
    for (int i = 0; i < 5; i++) {
      RecordingProcess process = start("80");
      process.awaitEnd();
      assertThat(process.receipts()).hasSize(80);
      accepted.addAll(process.receipts());
    }
    deliverTheRest();

    assertThat(slots()).containsExactly("slot-0");
    assertThat(accepted).hasSize(400);
    assertNothingIsMissing();
  }

  @Test
  void processesBesideEachOther_ofWhichSomeAreKilled_loseNothing_andLeaveTheirSlots()
      throws Exception {
    for (int count : List.of(8, 2)) {
      List<RecordingProcess> processes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        processes.add(i < 2 ? start() : start("80"));
      }
      for (RecordingProcess process : processes) {
        if (processes.indexOf(process) < 2) {
          process.awaitOutput(20_000);
          process.kill();
        } else {
          process.awaitEnd();
        }
        accepted.addAll(process.receipts());
      }
    }
    deliverTheRest();

    assertThat(slots().size()).isBetween(2, 8);
    assertThat(accepted).hasSizeGreaterThan(8 * 80);
    assertNothingIsMissing();
  }
}
