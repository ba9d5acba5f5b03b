package dev.bitacora.collector.streams;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The numbers of a stream that are missing below the highest one seen: the set of those seen, told
 * by its complement, because a stream that goes on in order then costs one counter and no memory.
 *
 * <p>Bounded: beyond {@link #MOST} holes the two that are closest become one, which also covers
 * what was seen between them, and is confirmed if one of them was. So a hole may claim too much,
 * never too little; {@link #confirm} brings back the truth. Not thread-safe.
 */
final class Holes {
  /** Holes of one stream that are told apart. */
  static final int MOST = 64;

  /** Sorted, disjoint, and never adjacent to each other by our own doing. */
  private final List<Hole> holes = new ArrayList<>(0);

  private long next;

  /** These holes and no others; sorted and disjoint. */
  static Holes of(List<SequenceRange> missing, long now) {
    Holes holes = new Holes();
    for (SequenceRange range : missing) {
      holes.next = range.last() + 1;
      holes.insert(new Hole(range, now, false));
    }
    return holes;
  }

  /** The number after the highest one seen. */
  long next() {
    return next;
  }

  List<Hole> all() {
    return List.copyOf(holes);
  }

  List<SequenceRange> ranges() {
    return holes.stream().map(Hole::range).toList();
  }

  boolean isEmpty() {
    return holes.isEmpty();
  }

  /**
   * A number was seen.
   *
   * @param now the log's time, for a hole that shows by it
   */
  void add(long sequence, long now) {
    if (sequence == next) {
      next++;
    } else {
      add(new SequenceRange(sequence, sequence), now);
    }
  }

  /** These were seen, or are explained. */
  void add(SequenceRange seen, long now) {
    if (seen.first() > next) {
      insert(new Hole(next, seen.first() - 1, now));
    }
    fill(seen);
    next = Math.max(next, seen.last() + 1);
  }

  /** There are numbers up to and including this one; those that we have not seen are missing. */
  void expectThrough(long last, long now) {
    if (last >= next) {
      insert(new Hole(next, last, now));
      next = last + 1;
    }
  }

  /**
   * The truth about a range, from the store: of the holes in it, only what is missing there, too,
   * stays, and is confirmed.
   */
  void confirm(SequenceRange asked, List<SequenceRange> missing) {
    List<Hole> before = List.copyOf(holes);
    holes.clear();
    for (Hole hole : before) {
      Optional<SequenceRange> common = hole.range().and(asked);
      if (common.isEmpty()) {
        insert(hole);
      } else {
        outside(hole, common.get()).forEach(this::insert);
        for (SequenceRange gone : missing) {
          gone.and(common.get()).ifPresent(part -> insert(hole.within(part).confirmed()));
        }
      }
    }
  }

  /**
   * Forgets the holes noticed before a moment.
   *
   * @return what is forgotten
   */
  List<Hole> forgetBefore(long moment) {
    List<Hole> old = holes.stream().filter(hole -> hole.since() < moment).toList();
    holes.removeAll(old);
    return old;
  }

  /** These are not missing. */
  void fill(SequenceRange seen) {
    for (int i = firstEndingAtOrAfter(seen.first()); i < holes.size(); ) {
      Hole hole = holes.get(i);
      Optional<SequenceRange> common = hole.range().and(seen);
      if (common.isEmpty()) {
        return;
      }
      holes.remove(i);
      List<Hole> left = outside(hole, common.get());
      holes.addAll(i, left);
      i += left.size();
    }
    bound();
  }

  private int firstEndingAtOrAfter(long sequence) {
    int low = 0;
    int high = holes.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (holes.get(middle).last() < sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** What a hole keeps when a part of it is filled. */
  private static List<Hole> outside(Hole hole, SequenceRange part) {
    List<Hole> left = new ArrayList<>(2);
    if (hole.first() < part.first()) {
      left.add(hole.within(new SequenceRange(hole.first(), part.first() - 1)));
    }
    if (part.last() < hole.last()) {
      left.add(hole.within(new SequenceRange(part.last() + 1, hole.last())));
    }
    return left;
  }

  private void insert(Hole hole) {
    holes.add(firstEndingAtOrAfter(hole.first()), hole);
    bound();
  }

  private void bound() {
    while (holes.size() > MOST) {
      mergeClosest();
    }
  }

  private void mergeClosest() {
    int best = 0;
    for (int i = 1; i < holes.size() - 1; i++) {
      if (distance(i) < distance(best)) {
        best = i;
      }
    }
    Hole right = holes.remove(best + 1);
    Hole left = holes.get(best);
    holes.set(
        best,
        new Hole(
            new SequenceRange(left.first(), right.last()),
            Math.min(left.since(), right.since()),
            left.isConfirmed() || right.isConfirmed()));
  }

  private long distance(int i) {
    return holes.get(i + 1).first() - holes.get(i).last();
  }
}
