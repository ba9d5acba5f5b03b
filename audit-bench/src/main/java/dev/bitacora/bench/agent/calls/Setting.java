package dev.bitacora.bench.agent.calls;

/**
 * Under which conditions calls are made.
 *
 * @param isPaced at {@link #PER_SECOND} in all; otherwise flat out
 */
record Setting(BrokerState broker, int threads, boolean isPaced) {
  /** What the promises are about. */
  static final int PER_SECOND = 20_000;

  /** Whether promised figures are measured here. */
  boolean isJudged() {
    return isPaced && threads == 1;
  }

  /** For people. */
  @Override
  public String toString() {
    return "broker %s, %d %s, %s"
        .formatted(
            broker.text(),
            threads,
            threads == 1 ? "thread" : "threads",
            isPaced ? "paced" : "flat out");
  }
}
