package dev.bitacora.collector.deadletter;

import java.time.Instant;

/**
 * A record that can not be stored, as it came, with the reason.
 *
 * @param detail what exactly is wrong, for a person; quotes no content
 * @param attempts how often the store was asked
 * @param replays how often it was tried again by hand
 * @param appended when its log took it, which a replay needs to make the same document; when it was
 *     parked, for a record that no log took
 * @param at when it was parked
 */
public record DeadLetter(
    RawRecord record,
    DeadLetterReason reason,
    String detail,
    int attempts,
    int replays,
    Instant appended,
    Instant at) {

  /** A record that no log took. */
  public DeadLetter(
      RawRecord record,
      DeadLetterReason reason,
      String detail,
      int attempts,
      int replays,
      Instant at) {
    this(record, reason, detail, attempts, replays, at, at);
  }
}
