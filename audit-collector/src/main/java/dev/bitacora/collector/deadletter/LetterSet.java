package dev.bitacora.collector.deadletter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Ids of dead letters, eight bytes each, because there may be as many as there ever were letters.
 * Confined to one thread.
 */
public final class LetterSet {
  private final Map<Integer, Positions> parts = new HashMap<>();

  /** Adds an id; again does no harm. */
  public void add(DeadLetterId id) {
    parts.computeIfAbsent(id.part(), unused -> new Positions()).add(id.position());
  }

  public boolean contains(DeadLetterId id) {
    Positions positions = parts.get(id.part());
    return positions != null && positions.contains(id.position());
  }

  /** Shows every id; one that was added twice may be shown twice. */
  void forEach(Consumer<DeadLetterId> visitor) {
    parts.forEach(
        (part, positions) ->
            positions.forEach(position -> visitor.accept(new DeadLetterId(part, position))));
  }

  /** Mostly added in order; sorted before somebody asks when they were not. */
  private static final class Positions {
    private static final int FIRST_SIZE = 16;

    private long[] values = new long[FIRST_SIZE];
    private int size;
    private boolean sorted = true;

    void add(long position) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      sorted &= size == 0 || values[size - 1] <= position;
      values[size] = position;
      size++;
    }

    void forEach(LongConsumer visitor) {
      Arrays.stream(values, 0, size).forEach(visitor);
    }

    boolean contains(long position) {
      if (!sorted) {
        Arrays.sort(values, 0, size);
        sorted = true;
      }
      return Arrays.binarySearch(values, 0, size, position) >= 0;
    }
  }
}
