package dev.bitacora.collector.index;

import java.util.Locale;

/** Why records could not be settled now and will be tried again. */
record Trouble(Kind kind, String detail) {

  /** What an operator can do about it. */
  enum Kind {
    /** The store gives no durable answer: it will pass, or the store is down. */
    TRANSIENT,
    /** The store has too much to do: it gets less at a time. */
    OVERLOADED,
    /** The store refuses for a reason that somebody must mend. */
    ENVIRONMENT,
    /** Dead letters can not be parked. */
    DEAD_LETTERS;

    /** As metrics and health say it. */
    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
