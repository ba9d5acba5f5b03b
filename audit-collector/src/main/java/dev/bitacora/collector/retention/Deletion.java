package dev.bitacora.collector.retention;

import dev.bitacora.store.Family;
import dev.bitacora.store.TimeRange;
import java.time.Instant;
import java.util.Optional;

/**
 * A deletion that has begun and whose end is not recorded yet. Written before anything is deleted
 * and removed after the audit event is durable, so that no crash can hide it. Immutable.
 *
 * @param id of the first attempt
 * @param part what is deleted: an index, or {@code audit-events-unplaced/<family>}
 * @param documents how many events, the most that any attempt found
 * @param expired the moment before which everything has expired
 * @param days how long the family is kept
 * @param begun when the last attempt began
 * @param attempts more than one when an earlier one was cut short, which may have deleted all
 */
record Deletion(
    String id,
    String part,
    Family family,
    long documents,
    Instant expired,
    long days,
    Instant begun,
    long attempts) {

  Deletion again(long found, Instant limit, Instant now) {
    return new Deletion(
        id, part, family, Math.max(documents, found), limit, days, now, attempts + 1);
  }

  static Deletion read(String part, StateValue value) {
    return new Deletion(
        value.text("id"),
        part,
        Family.valueOf(value.text("family")),
        value.number("documents"),
        value.time("expired"),
        value.number("days"),
        value.time("begun"),
        value.number("attempts"));
  }

  String json() {
    return StateValue.empty()
        .with("id", id)
        .with("family", family.name())
        .with("documents", documents)
        .with("expired", expired)
        .with("days", days)
        .with("begun", begun)
        .with("attempts", attempts)
        .json();
  }

  /** The moments that it holds; empty for what is in no period. */
  Optional<TimeRange> range() {
    return family.periodOf(part);
  }
}
