package dev.bitacora.collector.deadletter;

import java.util.List;
import java.util.function.Consumer;

/**
 * Where dead letters are kept. Safe for any thread between {@link #start} and {@link #close}. A
 * record whose confirmation was lost may be parked twice; its origin or its bytes tell.
 */
public interface DeadLetters extends AutoCloseable {
  /** Opens it; throws with a sentence that says what to do. */
  void start() throws DeadLettersUnavailableException;

  /**
   * Parks these and returns when they are durable, all of them.
   *
   * @throws DeadLettersUnavailableException when some may not be: the same ones must be added again
   */
  void add(List<DeadLetter> letters) throws DeadLettersUnavailableException;

  /** The oldest {@code limit} dead letters. */
  List<DeadLetter> list(int limit) throws DeadLettersUnavailableException;

  /**
   * Shows every dead letter that is there now, oldest first within one place, in constant memory;
   * others can be added meanwhile.
   */
  void forEach(Consumer<DeadLetter> consumer) throws DeadLettersUnavailableException;

  /** Idempotent. */
  @Override
  void close();
}
