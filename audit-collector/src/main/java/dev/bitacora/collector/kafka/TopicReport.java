package dev.bitacora.collector.kafka;

import java.util.List;

/**
 * What set-up found and did for one topic.
 *
 * @param drift each setting that is not as it should be, with what to do
 */
public record TopicReport(String topic, Action action, List<String> drift) {

  /** What was done. */
  public enum Action {
    CREATED,
    UNCHANGED
  }

  public TopicReport {
    drift = List.copyOf(drift);
  }

  public boolean isGood() {
    return drift.isEmpty();
  }
}
