package dev.bitacora.collector.streams;

import java.time.Duration;

/**
 * How long a stream may be in a strange state before somebody is told.
 *
 * @param gapPatience a missing number that nothing explains is a gap after so much of the log's
 *     time
 * @param silence a living stream that says nothing for so long is silent
 * @param remembered a stream is forgotten so long after its last word; and the store is asked no
 *     further back
 * @param settling so long after a log became ours the store shows what its last owner wrote
 */
public record WatchSettings(
    Duration gapPatience, Duration silence, Duration remembered, Duration settling) {
  /** 60 s, 90 s, a day, 2 s. */
  public static final WatchSettings DEFAULT =
      new WatchSettings(
          Duration.ofSeconds(60),
          Duration.ofSeconds(90),
          Duration.ofDays(1),
          Duration.ofSeconds(2));
}
