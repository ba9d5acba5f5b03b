package dev.bitacora.collector.streams;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Numbers of a stream, both ends inclusive. */
record SequenceRange(long first, long last) {
  SequenceRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("sequence range: " + first + " to " + last);
    }
  }

  long size() {
    return last - first + 1;
  }

  /** What both have. */
  Optional<SequenceRange> and(SequenceRange other) {
    long from = Math.max(first, other.first);
    long to = Math.min(last, other.last);
    return from <= to ? Optional.of(new SequenceRange(from, to)) : Optional.empty();
  }

  /** The same numbers in as few ranges as possible; sorted and disjoint, as they must come. */
  static List<SequenceRange> joined(List<SequenceRange> ranges) {
    List<SequenceRange> joined = new ArrayList<>();
    for (SequenceRange range : ranges) {
      int end = joined.size() - 1;
      if (end >= 0 && joined.get(end).last() + 1 == range.first()) {
        joined.set(end, new SequenceRange(joined.get(end).first(), range.last()));
      } else {
        joined.add(range);
      }
    }
    return joined;
  }

  /** {@code 5} or {@code 5-9}. */
  @Override
  public String toString() {
    return first == last ? Long.toString(first) : first + "-" + last;
  }
}
