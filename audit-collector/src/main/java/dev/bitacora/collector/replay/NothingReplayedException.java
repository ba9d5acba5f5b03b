package dev.bitacora.collector.replay;

/** What was asked for can not be replayed; the message says why and what can be. */
public final class NothingReplayedException extends Exception {
  public NothingReplayedException(String message) {
    super(message);
  }
}
