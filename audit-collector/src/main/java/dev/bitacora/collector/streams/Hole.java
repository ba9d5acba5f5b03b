package dev.bitacora.collector.streams;

/**
 * Numbers of a stream that we have not seen.
 *
 * @param since the log's time, in milliseconds, when we noticed
 * @param isConfirmed true once the store was asked and does not have them either
 */
record Hole(SequenceRange range, long since, boolean isConfirmed) {
  Hole(long first, long last, long since) {
    this(new SequenceRange(first, last), since, false);
  }

  long first() {
    return range.first();
  }

  long last() {
    return range.last();
  }

  /** The part of it that lies in this range, which it must meet. */
  Hole within(SequenceRange other) {
    return new Hole(range.and(other).orElseThrow(), since, isConfirmed);
  }

  Hole confirmed() {
    return new Hole(range, since, true);
  }
}
