package dev.bitacora.collector.kafka;

import java.util.List;
import java.util.Locale;

/**
 * What set-up found and did for one topic.
 *
 * @param findings each thing that is not, or was not, as it should be
 */
public record TopicReport(String topic, Action action, List<Finding> findings) {

  /** What was done. */
  public enum Action {
    CREATED,
    /** It was there; some settings were changed. */
    MENDED,
    UNCHANGED
  }

  /**
   * One thing that differs.
   *
   * @param text what was found, what was expected, and what was or is to be done
   */
  public record Finding(Kind kind, String text) {
    @Override
    public String toString() {
      return kind.name().toLowerCase(Locale.ROOT) + ": " + text;
    }
  }

  /** What becomes of a finding. */
  public enum Kind {
    /** Was wrong, and is right now. */
    MENDED,
    /** Works, and somebody should know. */
    WARNING,
    /** Is wrong, and only an operator may change it. */
    REFUSED
  }

  public TopicReport {
    findings = List.copyOf(findings);
  }

  /** Nothing is left for an operator to change. */
  public boolean isGood() {
    return findings.stream().noneMatch(finding -> finding.kind() == Kind.REFUSED);
  }
}
