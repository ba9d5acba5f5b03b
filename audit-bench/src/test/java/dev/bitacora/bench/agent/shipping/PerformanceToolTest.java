package dev.bitacora.bench.agent.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerformanceToolTest {
  @Test
  void theTool_getsTheAgentsSettings() {
    List<String> arguments =
        PerformanceTool.arguments("127.0.0.1:1", "topic", Path.of("events"), 500, 100);
    assertThat(arguments)
        .contains(
            "acks=all",
            "enable.idempotence=true",
            "linger.ms=20",
            "batch.size=131072",
            "buffer.memory=16777216",
            "compression.type=gzip");
    assertThat(arguments).containsSequence("--num-records", "500", "--throughput", "-1");
    assertThat(arguments).containsSequence("--warmup-records", "100");
  }

  @Test
  void theRate_isTheOneWithoutTheFirstRecords() {
    assertThat(
            PerformanceTool.rate(
                "400000 steady state records sent, 61234.567000 records/sec (40.88 MB/sec), 1.00"
                    + " ms avg latency"))
        .isEqualTo(61234.567);
    assertThatThrownBy(() -> PerformanceTool.rate("500000 records sent, 1.0 records/sec"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
