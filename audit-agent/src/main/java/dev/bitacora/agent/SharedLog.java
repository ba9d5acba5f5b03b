package dev.bitacora.agent;

/** The process's one agent. */
final class SharedLog {
  private static AuditLog log;

  private SharedLog() {}

  static synchronized AuditLog get() {
    if (log == null) {
      log = AuditLog.open(AuditConfig.fromEnvironment());
    }
    return log;
  }
}
