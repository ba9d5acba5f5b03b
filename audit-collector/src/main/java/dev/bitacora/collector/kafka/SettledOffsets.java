package dev.bitacora.collector.kafka;

import java.util.Arrays;

/**
 * Which offsets of a partition are settled: all below a mark, and ranges beyond it, which are as
 * many as the gaps between them and not as the offsets. Adding allocates nothing but, rarely, room
 * for more ranges. Not thread-safe.
 */
final class SettledOffsets {
  private static final int ROOM = 16;

  /** Everything before this is settled. */
  private long mark;

  /** Ranges beyond the mark: first offset and the one after the last; ascending, none touches. */
  private long[] starts = new long[ROOM];

  private long[] ends = new long[ROOM];
  private int ranges;

  /** The lowest offset that is not settled. */
  long mark() {
    return mark;
  }

  /** How many ranges beyond the mark are remembered. */
  int ranges() {
    return ranges;
  }

  boolean contains(long offset) {
    if (offset < mark) {
      return true;
    }
    int range = firstEndingAt(offset + 1);
    return range < ranges && starts[range] <= offset;
  }

  void add(long offset) {
    add(offset, offset + 1);
  }

  /** Adds the offsets from {@code from} to before {@code to}, whether or not some are in it. */
  void add(long from, long to) {
    if (from >= to) {
      return;
    }
    int first = firstEndingAt(from);
    int after = first;
    while (after < ranges && starts[after] <= to) {
      after++;
    }
    long start = first < after ? Math.min(from, starts[first]) : from;
    long end = first < after ? Math.max(to, ends[after - 1]) : to;
    if (start <= mark) {
      mark = Math.max(mark, end);
      replace(0, after, 0);
    } else {
      replace(first, after, 1);
      starts[first] = start;
      ends[first] = end;
    }
  }

  /** The first range that ends at this offset or later. */
  private int firstEndingAt(long offset) {
    int found = Arrays.binarySearch(ends, 0, ranges, offset);
    return found >= 0 ? found : -found - 1;
  }

  /** Makes room for so many ranges where those from {@code first} to before {@code after} were. */
  private void replace(int first, int after, int room) {
    int now = ranges - (after - first) + room;
    if (now > starts.length) {
      starts = Arrays.copyOf(starts, now * 2);
      ends = Arrays.copyOf(ends, now * 2);
    }
    System.arraycopy(starts, after, starts, first + room, ranges - after);
    System.arraycopy(ends, after, ends, first + room, ranges - after);
    ranges = now;
  }
}
