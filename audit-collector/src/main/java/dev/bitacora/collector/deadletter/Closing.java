package dev.bitacora.collector.deadletter;

import java.time.Instant;

/**
 * The end of a dead letter: it is open no more.
 *
 * @param reason the letter's
 * @param at when
 */
public record Closing(
    DeadLetterId letter, DeadLetterReason reason, Resolution resolution, Instant at) {

  /** The end of this letter. */
  public static Closing of(StoredDeadLetter letter, Resolution resolution, Instant at) {
    return new Closing(letter.id(), letter.letter().reason(), resolution, at);
  }
}
