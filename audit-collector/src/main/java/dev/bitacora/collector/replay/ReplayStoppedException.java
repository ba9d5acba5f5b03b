package dev.bitacora.collector.replay;

/**
 * A replay ended before its end because something it needs does not answer. What it had done stays
 * done, and the same replay may be started again.
 */
public final class ReplayStoppedException extends Exception {
  public ReplayStoppedException(String message, Throwable cause) {
    super(message + "; what was replayed stays so: run the same again", cause);
  }

  ReplayStoppedException(String message) {
    this(message, null);
  }
}
