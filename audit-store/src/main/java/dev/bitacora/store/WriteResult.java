package dev.bitacora.store;

/**
 * What became of one event.
 *
 * @param detail why, for an operator; empty when there is nothing to say
 */
public record WriteResult(Status status, String detail) {

  public static final WriteResult INDEXED = new WriteResult(Status.INDEXED, "");
  public static final WriteResult DUPLICATE = new WriteResult(Status.DUPLICATE, "");

  /** What happened, and what the writer does about it. */
  public enum Status {
    /** Durable. Done. */
    INDEXED,
    /** The same bytes were there already. Counted; done. */
    DUPLICATE,
    /**
     * Durable, beside another event with the same {@code event.id} and other bytes. Done, and an
     * alarm.
     */
    CONFLICT,
    /** No durable answer: time-out, unavailable. Try this event again. */
    TRANSIENT,
    /** The store has too much to do. Try this event again, and write less at a time. */
    OVERLOADED,
    /**
     * The store refuses for a reason that is not the event's: rights, limits, template. Try again,
     * health is down.
     */
    ENVIRONMENT,
    /** The request was too large. Halve the batch; alone, it is a dead letter. */
    TOO_LARGE,
    /**
     * The store does not accept this document. Poison, unless a known good one is refused as well.
     */
    SUSPECT;

    /** True when the event is in the store. */
    public boolean isDone() {
      return this == INDEXED || this == DUPLICATE || this == CONFLICT;
    }
  }
}
