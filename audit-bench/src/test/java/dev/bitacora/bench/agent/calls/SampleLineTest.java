package dev.bitacora.bench.agent.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.core.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleLineTest {
  @TempDir private Path spool;
  private SampleLine line;

  @BeforeEach
  void writeLine() {
    line =
        SampleLine.of(
            AuditConfig.builder()
                .component("billing")
                .environment("prd")
                .version("1.2.3")
                .kafka(Map.of("bootstrap.servers", "127.0.0.1:1"))
                .spoolDir(spool)
                .drain(Duration.ZERO)
                .quiet(true)
                .build());
  }

  @Test
  void peers_shipAboutAsManyBytes() {
    assertThat(line.peers().length).isCloseTo(line.ours().length, Percentage.withPercentage(5));
  }

  @Test
  void peers_shipTheSameMessageAndFields() throws Exception {
    Map<String, Object> ours = JsonTree.readObject(line.ours());
    Map<String, Object> peers = JsonTree.readObject(line.peers());
    assertThat(peers)
        .containsEntry("message", ours.get("message"))
        .containsEntry("service", ours.get("service"))
        .containsEntry("agent", ours.get("agent"))
        .containsEntry("logger_name", "com.example.billing.Invoices")
        .containsEntry("level", "INFO");
    assertThat(ours)
        .extracting("log")
        .isEqualTo(Map.of("level", "INFO", "logger", "com.example.billing.Invoices"));
  }

  @Test
  void customFields_holdNothingThatTheEncoderWritesByItself() {
    assertThat(line.customFields())
        .contains("billing")
        .doesNotContain("approved", "thread", "INFO");
    assertThat(new String(line.peers(), StandardCharsets.UTF_8)).containsOnlyOnce("approved");
  }
}
