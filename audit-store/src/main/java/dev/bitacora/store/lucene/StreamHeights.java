package dev.bitacora.store.lucene;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The highest sequence ever added of each stream, so that a new event needs no look into the index.
 * The streams heard of last are remembered. Safe for any thread.
 */
final class StreamHeights {
  /** What stands for "none yet". */
  static final long NONE = -1;

  private final int capacity;
  private final Map<StreamId, Long> heights;

  StreamHeights(int capacity) {
    this.capacity = capacity;
    this.heights =
        new LinkedHashMap<>(256, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<StreamId, Long> eldest) {
            return size() > StreamHeights.this.capacity;
          }
        };
  }

  synchronized boolean isKnown(StreamId stream) {
    return heights.containsKey(stream);
  }

  synchronized void learn(StreamId stream, long highest) {
    heights.merge(stream, highest, Math::max);
  }

  /**
   * True when the event is above all that were claimed of its stream, which is thereby claimed: it
   * cannot be in the store. False when it may be, or the stream is not known.
   */
  synchronized boolean claim(StreamPosition position) {
    Long highest = heights.get(position.stream());
    if (highest == null || position.sequence() <= highest) {
      return false;
    }
    heights.put(position.stream(), position.sequence());
    return true;
  }
}
