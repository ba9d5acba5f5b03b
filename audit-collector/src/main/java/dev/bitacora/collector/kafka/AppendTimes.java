package dev.bitacora.collector.kafka;

import java.util.Arrays;

/**
 * When the log took which offset: one entry for each time that differs from the one before, not for
 * each record. Not thread-safe.
 */
final class AppendTimes {
  private static final int ROOM = 16;

  /** A ring: the first offset that the log took at each time, ascending, and the time. */
  private long[] offsets = new long[ROOM];

  private long[] millis = new long[ROOM];
  private int first;
  private int size;

  /** Adds a record; offsets ascend. */
  void add(long offset, long appendedMillis) {
    if (size > 0 && millis[at(size - 1)] == appendedMillis) {
      return;
    }
    if (size == offsets.length) {
      grow();
    }
    offsets[at(size)] = offset;
    millis[at(size)] = appendedMillis;
    size++;
  }

  /** The time of an offset that was added; forgets all before it. */
  long at(long offset) {
    while (size > 1 && offsets[at(1)] <= offset) {
      first = at(1);
      size--;
    }
    return millis[first];
  }

  /** Where the entry with this rank is. */
  private int at(int rank) {
    return (first + rank) % offsets.length;
  }

  private void grow() {
    offsets = unrolled(offsets);
    millis = unrolled(millis);
    first = 0;
  }

  private long[] unrolled(long[] ring) {
    long[] wider = Arrays.copyOf(Arrays.copyOfRange(ring, first, ring.length), ring.length * 2);
    System.arraycopy(ring, 0, wider, ring.length - first, first);
    return wider;
  }
}
