package dev.bitacora.examples.component;

/** Counts of accepted audit events and log lines, and of refused records. */
public record Recorded(long auditEvents, long logLines, long refused) {
  public static final Recorded NOTHING = new Recorded(0, 0, 0);

  /** Accepted records of both kinds. */
  public long total() {
    return auditEvents + logLines;
  }

  public Recorded plus(Recorded other) {
    return new Recorded(
        auditEvents + other.auditEvents, logLines + other.logLines, refused + other.refused);
  }
}
