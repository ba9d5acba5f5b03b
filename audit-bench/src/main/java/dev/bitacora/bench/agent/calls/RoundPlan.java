package dev.bitacora.bench.agent.calls;

import java.time.Duration;

/**
 * How many rounds there are and how long they take: several short ones rather than a long one, so
 * that one disturbance does not decide.
 */
public enum RoundPlan {
  /** For figures to be quoted. */
  FULL(11, Duration.ofSeconds(1), 3, Duration.ofMillis(300)),
  /** For developing. */
  QUICK(3, Duration.ofMillis(500), 1, Duration.ofMillis(200));

  private final int judgedRounds;
  private final Duration judged;
  private final int otherRounds;
  private final Duration other;

  RoundPlan(int judgedRounds, Duration judged, int otherRounds, Duration other) {
    this.judgedRounds = judgedRounds;
    this.judged = judged;
    this.otherRounds = otherRounds;
    this.other = other;
  }

  int rounds(Setting setting) {
    return setting.isJudged() ? judgedRounds : otherRounds;
  }

  /** With those that are repeated because other programs or the host disturbed them. */
  int mostRounds(Setting setting) {
    return setting.isJudged() ? 3 * judgedRounds : otherRounds + 1;
  }

  Duration duration(Setting setting) {
    return setting.isJudged() ? judged : other;
  }
}
