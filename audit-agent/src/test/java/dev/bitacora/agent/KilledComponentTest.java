package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.StreamCheck;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a component had accepted when it was killed arrives, whenever that was. */
final class KilledComponentTest {
  private static final int ROUNDS = 6;

  /** Event id, space, SHA-256. */
  private static final int LINE = 49 + 1 + 64;

  private final IntakeServer intake = new IntakeServer("t0ken");
  private final Random random = new Random(42);

  @TempDir private Path directory;

  @AfterEach
  void close() {
    intake.close();
  }

  @Test
  void whatWasAccepted_survivesKilling() throws Exception {
    Set<String> acknowledged = new TreeSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      intake.failing(round % 2 == 0);
      acknowledged.addAll(recordUntilKilled());
    }
    intake.failing(false);
    AuditConfig config =
        AuditConfig.builder()
            .component("billing")
            .environment("prd")
            .url(intake.url())
            .token("t0ken")
            .spoolDir(directory.resolve("spool"))
            .quiet(true)
            .build();
    try (AuditLog last = AuditLog.open(config)) {
      assertThat(last.event("a.b").record().isAccepted()).isTrue();
      await().atMost(Duration.ofSeconds(60)).until(() -> last.health().queueBytes() == 0);
    }

    assertThat(acknowledged).hasSizeGreaterThan(1000);
    Set<String> delivered =
        intake.distinct().stream()
            .filter(record -> record.kind() == RecordKind.AUDIT)
            .map(KilledComponentTest::line)
            .collect(Collectors.toSet());
    assertThat(delivered).containsAll(acknowledged);
    Map<StreamId, List<WireRecord>> streams =
        new TreeMap<>(StreamCheck.byStream(intake.distinct()));
    StreamCheck.assertNoUnexplainedGap(intake.distinct());
    streams.values().stream()
        .filter(stream -> stream.stream().anyMatch(r -> r.kind() == RecordKind.AUDIT))
        .forEach(StreamCheck::assertChained);
  }

  private static String line(WireRecord record) {
    return record.position().eventId()
        + " "
        + HexFormat.of().formatHex(ChainLink.hash(record.value()));
  }

  /** The lines that were written whole. */
  private List<String> recordUntilKilled() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RecordingExample.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("BITACORA_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "BITACORA_SERVICE_NAME", "billing",
                "BITACORA_ENVIRONMENT", "prd",
                "BITACORA_URL", intake.url().toString(),
                "BITACORA_TOKEN", "t0ken",
                "BITACORA_QUIET", "true",
                "BITACORA_SPOOL_DIR", directory.resolve("spool").toString()));
    Path output = Files.createTempFile(directory, "receipts", "");
    Process process = builder.redirectOutput(output.toFile()).start();
    try {
      int killAt = 50_000 + random.nextInt(300_000);
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(1))
          .until(() -> Files.size(output) > killAt);
    } finally {
      process.destroyForcibly().waitFor();
    }
    try (Stream<String> lines = Files.lines(output)) {
      return lines.filter(line -> line.length() == LINE).toList();
    }
  }
}
