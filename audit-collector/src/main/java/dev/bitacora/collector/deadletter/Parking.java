package dev.bitacora.collector.deadletter;

import java.util.List;

/** Takes what can not be stored. Safe for any thread. */
public interface Parking {
  /**
   * Parks these and returns when they are durable, all of them.
   *
   * @throws DeadLettersUnavailableException when some may not be: the same ones must be added again
   */
  void add(List<DeadLetter> letters) throws DeadLettersUnavailableException;
}
