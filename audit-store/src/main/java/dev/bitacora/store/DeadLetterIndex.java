package dev.bitacora.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The open dead letters without their bytes, where whoever looks at the events can list them by
 * reason. It only mirrors where they are kept, and can be made again from there. What is written
 * may be found a second later. Safe for any thread; throws {@link StoreException} when it cannot be
 * reached.
 */
public interface DeadLetterIndex {
  /**
   * A letter.
   *
   * @param id where it stands: {@code 0-17} is offset 17 of partition 0 of the dead letters' topic
   * @param reason such as {@code malformed-json}
   * @param detail what exactly is wrong, for a person
   * @param origin where its record came from, if a log had it
   * @param bytes of the record, about
   * @param attempts how often the store was asked
   * @param replays how often it was tried again by hand
   * @param at when it was parked
   */
  record Entry(
      String id,
      String reason,
      String detail,
      Optional<LogPosition> origin,
      long bytes,
      int attempts,
      int replays,
      Instant at) {}

  /** Adds letters; one that is there is replaced. */
  void put(List<Entry> letters);

  /** Removes letters, if they are there. */
  void remove(List<String> ids);

  /** Shows the id of each letter, by id. */
  void forEachId(Consumer<String> visitor);
}
