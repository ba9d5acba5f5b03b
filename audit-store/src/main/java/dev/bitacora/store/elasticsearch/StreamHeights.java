package dev.bitacora.store.elasticsearch;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which numbers of a stream this process has seen or found, for the streams used last. A number
 * above what the store held when the stream was first met, that was not seen since, shares its
 * event's id with no other that was written here, so that nearly all events cost no lookup. What
 * another process writes meanwhile is not known: a forged number among those is noticed only when
 * it is read.
 *
 * <p>Several threads write at a time, and batches overtake each other: what is new is not always
 * the highest. Numbers far below the highest count as seen, whether they were or not. Safe for any
 * thread.
 */
final class StreamHeights {
  private static final int MAX_STREAMS = 10_000;

  /** By how much batches of one stream may overtake each other: some eight of 2,000 events. */
  static final long WINDOW = 16_384;

  private static final int MAX_RANGES = 8;

  /** The height of a stream that has nothing yet. */
  static final long NONE = -1;

  private final Map<StreamId, Numbers> streams =
      new LinkedHashMap<>(256, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, Numbers> eldest) {
          return size() > MAX_STREAMS;
        }
      };

  synchronized boolean knows(StreamId stream) {
    return streams.containsKey(stream);
  }

  /** What the store holds of a stream. */
  synchronized void learn(StreamId stream, long height) {
    streams.computeIfAbsent(stream, unused -> new Numbers()).seenThrough(height);
  }

  /** Takes a number; true when its stream is known and the number is new there. */
  synchronized boolean isNew(StreamPosition position) {
    Numbers numbers = streams.get(position.stream());
    return numbers != null && numbers.add(position.sequence());
  }

  /** Numbers of one stream: all up to some, and ranges above it. */
  private static final class Numbers {
    private long through = NONE;

    /** First and last of each range; they do not touch each other. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** Whether it was not there. */
    boolean add(long number) {
      if (number <= through) {
        return false;
      }
      Map.Entry<Long, Long> below = ranges.floorEntry(number);
      if (below != null && number <= below.getValue()) {
        return false;
      }
      long first = below != null && below.getValue() == number - 1 ? below.getKey() : number;
      Long above = ranges.remove(number + 1);
      ranges.put(first, above == null ? number : above);
      while (ranges.size() > MAX_RANGES) {
        seenThrough(ranges.firstEntry().getValue());
      }
      seenThrough(ranges.lastEntry().getValue() - WINDOW);
      return true;
    }

    void seenThrough(long number) {
      through = Math.max(through, number);
      // What begins at or right behind it goes on from it.
      while (!ranges.isEmpty() && ranges.firstKey() <= through + 1) {
        through = Math.max(through, ranges.pollFirstEntry().getValue());
      }
    }
  }
}
