package dev.bitacora.store.state;

import java.util.List;
import java.util.Optional;

/**
 * Small values with optimistic versions, shared by every process of a service. Safe for any thread.
 * Throws {@code StoreException} when the state cannot be reached.
 */
public interface StateStore {
  /** The version of a value that is not there yet. */
  long ABSENT = 0;

  /**
   * A value and its version, which every write raises.
   *
   * @param value JSON
   */
  record Entry(String key, String value, long version) {}

  Optional<Entry> get(Kind kind, String key);

  /**
   * Writes a value if its version is still {@code expected} ({@link #ABSENT}: if there is none),
   * durably.
   *
   * @return false when somebody else was faster; read again
   */
  boolean put(Kind kind, String key, String value, long expected);

  /** Removes a value if its version is still {@code expected}. */
  boolean remove(Kind kind, String key, long expected);

  /** All values of a kind, by key. */
  List<Entry> list(Kind kind);

  /** What is kept. */
  enum Kind {
    USER,
    TOKEN,
    SESSION,
    /** What retention must not delete. */
    HOLD,
    /** What retention is doing, and what it has still to record. */
    RETENTION
  }
}
