package dev.bitacora.bench.agent;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.EventDraft;
import dev.bitacora.agent.context.User;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * Audit events of some 700 bytes, of which no two are the same: they differ as much as those of a
 * component do, so that compression has as much to do. One thread's.
 */
public final class SampleEvents {
  private static final int USERS = 500;

  private final Random random;
  private long number;

  /** The same seed makes the same events. */
  public SampleEvents(long seed) {
    random = new Random(seed);
  }

  /** The agent of the component that they are of, with the settings it has by itself. */
  public static AuditLog open(String bootstrapServers, Path spool) {
    return open(Map.of("bootstrap.servers", bootstrapServers), spool);
  }

  /** The same with other properties of the producer. */
  public static AuditLog open(Map<String, String> kafka, Path spool) {
    return AuditLog.open(
        AuditConfig.builder()
            .component("billing")
            .environment("prd")
            .version("1.2.3")
            .kafka(kafka)
            .spoolDir(spool)
            .quiet(true)
            .build());
  }

  /** Ready to be recorded. */
  public EventDraft next(AuditLog audit) {
    number++;
    int user = random.nextInt(USERS);
    return audit
        .event("invoice.approve")
        .actor(User.id("u" + user).name("User " + user))
        .target("invoice", "I-" + number)
        .change("status", "pending", "approved")
        .detail("reference", Long.toHexString(random.nextLong()))
        .success();
  }
}
