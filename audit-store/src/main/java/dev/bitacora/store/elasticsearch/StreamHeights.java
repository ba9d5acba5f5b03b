package dev.bitacora.store.elasticsearch;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The highest number of each stream that this process has seen or found, for the streams used last.
 * An event above it cannot share its id with another, so that nearly all events cost no lookup.
 * Safe for any thread.
 */
final class StreamHeights {
  private static final int MAX_STREAMS = 10_000;

  /** The height of a stream that has nothing yet. */
  static final long NONE = -1;

  private final Map<StreamId, Long> heights =
      new LinkedHashMap<>(256, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, Long> eldest) {
          return size() > MAX_STREAMS;
        }
      };

  synchronized boolean knows(StreamId stream) {
    return heights.containsKey(stream);
  }

  /** What the store holds of a stream. */
  synchronized void learn(StreamId stream, long height) {
    heights.merge(stream, height, Math::max);
  }

  /** Takes a number; true when its stream is known and it is above all before it. */
  synchronized boolean rise(StreamPosition position) {
    Long height = heights.get(position.stream());
    if (height == null || position.sequence() <= height) {
      return false;
    }
    heights.put(position.stream(), position.sequence());
    return true;
  }
}
