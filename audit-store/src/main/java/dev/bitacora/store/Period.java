package dev.bitacora.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A whole period of a family: one index, which is deleted whole. Cannot name anything else, so that
 * who deletes periods never deletes what is not ours.
 *
 * @param index such as {@code audit-events-2026.09}
 */
public record Period(Family family, String index) {
  public Period {
    if (family.periodOf(index).isEmpty()) {
      throw new IllegalArgumentException(index + " is no period of " + family.prefix());
    }
  }

  /** The period that an index of this name holds; empty when it holds none of this family. */
  public static Optional<Period> of(Family family, String index) {
    return family.periodOf(index).map(range -> new Period(family, index));
  }

  /** The moments that it holds. */
  public TimeRange range() {
    return family.periodOf(index).orElseThrow();
  }

  /** Whether its last moment is before the limit. */
  public boolean endsBy(Instant limit) {
    return !range().to().isAfter(limit);
  }
}
