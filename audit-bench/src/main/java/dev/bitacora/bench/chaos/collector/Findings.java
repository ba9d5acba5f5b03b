package dev.bitacora.bench.chaos.collector;

import java.util.ArrayList;
import java.util.List;

/** What is wrong, for people; the first are told, all are counted. Safe for any thread. */
final class Findings {
  private static final int TOLD = 20;

  private final List<String> told = new ArrayList<>();
  private int count;

  synchronized void add(String finding) {
    count++;
    if (told.size() < TOLD) {
      told.add(finding);
    }
  }

  synchronized int count() {
    return count;
  }

  synchronized List<String> told() {
    return List.copyOf(told);
  }
}
