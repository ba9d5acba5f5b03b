package dev.bitacora.collector.index;

import dev.bitacora.collector.deadletter.DeadLetterReason;

/** The record can never be stored; it belongs among the dead letters. */
public final class PoisonException extends Exception {
  private final transient Poison poison;

  public PoisonException(DeadLetterReason reason, String detail) {
    super(reason.text() + ": " + detail);
    this.poison = new Poison(reason, detail);
  }

  public Poison poison() {
    return poison;
  }
}
