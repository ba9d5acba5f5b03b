package dev.bitacora.store;

import java.util.Optional;

/**
 * A page wanted.
 *
 * @param size 1 to 1,000
 * @param after the cursor of the page before
 */
public record SearchRequest(Selection selection, Order order, int size, Optional<String> after) {
  public static final int MAX_SIZE = 1000;

  /** By time, then event id, then hash, so that the order is total. */
  public enum Order {
    NEWEST_FIRST,
    OLDEST_FIRST
  }

  public SearchRequest {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("size: expected 1 to 1000, found " + size);
    }
  }
}
