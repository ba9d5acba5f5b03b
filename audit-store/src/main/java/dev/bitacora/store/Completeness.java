package dev.bitacora.store;

import java.util.List;

/** Whether an answer covers all it should; the reasons why not, for people. */
public record Completeness(List<String> gaps) {
  public static final Completeness COMPLETE = new Completeness(List.of());

  public Completeness {
    gaps = List.copyOf(gaps);
  }

  public boolean isComplete() {
    return gaps.isEmpty();
  }
}
