package dev.bitacora.collector.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Cuts a list by count and bytes. */
final class Slices {
  private Slices() {}

  /** Slices of at least one element, in order. */
  static <T> List<List<T>> of(
      List<T> list, int maxCount, long maxBytes, Function<T, byte[]> bytesOf) {
    List<List<T>> slices = new ArrayList<>();
    int start = 0;
    long bytes = 0;
    for (int i = 0; i < list.size(); i++) {
      int next = bytesOf.apply(list.get(i)).length;
      if (i > start && (i - start == maxCount || bytes + next > maxBytes)) {
        slices.add(list.subList(start, i));
        start = i;
        bytes = 0;
      }
      bytes += next;
    }
    if (start < list.size()) {
      slices.add(list.subList(start, list.size()));
    }
    return slices;
  }
}
