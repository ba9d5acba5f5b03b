package dev.bitacora.collector.intake;

import java.util.Locale;

/**
 * What became of one event that somebody sent.
 *
 * @param eventId the event's id; empty when it got none
 * @param detail why it is a dead letter; otherwise empty
 */
public record ItemResult(Status status, String eventId, String detail) {

  /** Each of them is durable. */
  public enum Status {
    ACCEPTED,
    DUPLICATE,
    DEAD_LETTERED;

    /** As it stands in an answer. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
