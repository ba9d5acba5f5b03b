package dev.bitacora.collector.retention;

import java.time.Instant;

/**
 * Something expired that a hold keeps. Immutable.
 *
 * @param part an index, or {@code audit-events-unplaced/<family>}
 * @param hold its id
 * @param reason the hold's
 * @param matches how many events matched when it was first found
 * @param at when that was
 * @param isRecorded whether there is an audit event of it
 */
record Kept(String part, String hold, String reason, long matches, Instant at, boolean isRecorded) {

  Kept recorded() {
    return new Kept(part, hold, reason, matches, at, true);
  }

  static Kept read(StateValue value) {
    return new Kept(
        value.text("part"),
        value.text("hold"),
        value.text("reason"),
        value.number("matches"),
        value.time("at"),
        value.flag("recorded"));
  }

  String json() {
    return StateValue.empty()
        .with("part", part)
        .with("hold", hold)
        .with("reason", reason)
        .with("matches", matches)
        .with("at", at)
        .with("recorded", isRecorded)
        .json();
  }
}
