package dev.bitacora.agent;

import dev.bitacora.agent.context.User;

/** The README's five lines, as a program; it neither closes the agent nor ends by itself. */
public final class ReadmeExample {
  private ReadmeExample() {}

  public static void main(String[] arguments) {
    AuditLog audit = AuditLog.open(AuditConfig.fromEnvironment());
    audit
        .event("invoice.approve")
        .actor(User.id("u42").name("Ann Lee"))
        .target("invoice", "I-981")
        .change("status", "pending", "approved")
        .success()
        .record();
  }
}
