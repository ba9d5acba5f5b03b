package dev.bitacora.agent.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.SpoolFolder;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

final class AgentMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private double value(String name) {
    Meter meter = registry.get("bitacora.agent." + name).meter();
    return meter.measure().iterator().next().getValue();
  }

  @Test
  void meters_showTheAgentsHealth() {
    try (IntakeServer intake = new IntakeServer("t");
        AuditLog audit =
            AuditLog.open(
                AuditConfig.builder()
                    .spoolDir(SpoolFolder.fresh())
                    .component("api")
                    .environment("prd")
                    .url(intake.url())
                    .token("t")
                    .quiet(true)
                    .build())) {
      new AgentMeters(audit).bindTo(registry);
      audit.event("a.b").success().record();
      audit.event("a.b").success().record();
      await().until(() -> value("acknowledged") == 2);
      assertThat(value("accepted")).isEqualTo(2);
      assertThat(value("refused")).isZero();
      assertThat(value("shed")).isZero();
      assertThat(value("restarts")).isZero();
      await().until(() -> value("spool.bytes") == 0);
      assertThat(value("oldest.seconds")).isZero();
      assertThat(value("up")).isEqualTo(1);
    }
  }
}
