package dev.bitacora.collector.retention;

import java.time.Instant;
import java.util.Optional;

/**
 * A legal hold: what matches the query is kept, whatever its age, until the hold is released.
 * Immutable.
 *
 * @param query in the query language, as it was typed
 * @param by who placed it, as they said
 * @param release empty while it is in force
 * @param isRecorded whether there is an audit event of its beginning
 */
public record Hold(
    String id,
    String query,
    String reason,
    String by,
    Instant since,
    Optional<Release> release,
    boolean isRecorded) {

  /** Its end. */
  public record Release(String by, String reason, Instant at) {}

  public boolean isInForce() {
    return release.isEmpty();
  }

  Hold released(Release end) {
    return new Hold(id, query, reason, by, since, Optional.of(end), isRecorded);
  }

  Hold recorded() {
    return new Hold(id, query, reason, by, since, release, true);
  }

  /**
   * A hold of which only the id is known. Its query is none, so it keeps everything until it is
   * released.
   */
  static Hold damaged(String id) {
    return new Hold(
        id, "(unreadable", "unreadable", "unknown", Instant.EPOCH, Optional.empty(), true);
  }

  static Hold read(String id, StateValue value) {
    Optional<Release> release =
        value
            .optional("released")
            .map(
                at ->
                    new Release(
                        value.text("released_by"),
                        value.text("release_reason"),
                        value.time("released")));
    return new Hold(
        id,
        value.text("query"),
        value.text("reason"),
        value.text("by"),
        value.time("since"),
        release,
        value.flag("recorded"));
  }

  String json() {
    StateValue value =
        StateValue.empty()
            .with("query", query)
            .with("reason", reason)
            .with("by", by)
            .with("since", since)
            .with("recorded", isRecorded);
    release.ifPresent(
        end ->
            value
                .with("released", end.at())
                .with("released_by", end.by())
                .with("release_reason", end.reason()));
    return value.json();
  }
}
