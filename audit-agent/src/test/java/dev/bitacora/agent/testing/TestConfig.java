package dev.bitacora.agent.testing;

import dev.bitacora.agent.AuditConfig;

/** What most tests need of a configuration. */
public final class TestConfig {
  private TestConfig() {}

  /** A component with a spool of its own that delivers here. */
  public static AuditConfig.Builder deliveringTo(IntakeServer intake) {
    return AuditConfig.builder()
        .spoolDir(SpoolFolder.fresh())
        .component("api")
        .environment("prd")
        .url(intake.url())
        .token("t")
        .quiet(true);
  }
}
