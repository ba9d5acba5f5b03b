package dev.bitacora.agent;

/** What happens to an audit event for which the spool has no room. */
public enum SpoolFull {
  /** It is refused and counted; a record that says so follows as soon as there is room. */
  COUNT,
  /** Recording waits for room, a bounded time; then as {@link #COUNT}. */
  BLOCK,
  /** It is refused and recording throws {@link AuditRefusedException}. */
  FAIL
}
