package dev.bitacora.collector.deadletter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where dead letters are kept. Letters are only ever added; one that came to its end is closed by a
 * further entry and then is not read any more. Safe for any thread between {@link #start} and
 * {@link #close}; {@link #read} also without {@code start}, which only who writes needs. A record
 * whose confirmation was lost may be parked twice; its origin or its bytes tell.
 */
public interface DeadLetters extends Parking, AutoCloseable {
  /** Opens it; throws with a sentence that says what to do. */
  void start() throws DeadLettersUnavailableException;

  /**
   * Closes letters and returns when that is durable. Closing one again does no harm; nor does it
   * when a closing gets lost: the letter is read again, and tried again it meets its twin in the
   * store.
   *
   * @throws DeadLettersUnavailableException when some may still be open
   */
  void close(List<Closing> closings) throws DeadLettersUnavailableException;

  /**
   * Shows every letter that is open now, the oldest of each part first, one at a time; letters and
   * closings that are added meanwhile are left out. Holds no lock, so that a visitor may add and
   * close.
   */
  void read(Visitor visitor) throws DeadLettersUnavailableException;

  /** Takes dead letters one by one. */
  interface Visitor {
    /** Returns false to see no more. */
    boolean visit(StoredDeadLetter letter) throws DeadLettersUnavailableException;
  }

  /** The oldest {@code limit} open letters, where they are known to be few. */
  default List<DeadLetter> list(int limit) throws DeadLettersUnavailableException {
    List<DeadLetter> letters = new ArrayList<>();
    if (limit > 0) {
      read(
          stored -> {
            letters.add(stored.letter());
            return letters.size() < limit;
          });
    }
    return letters;
  }

  /** Shows every letter that is open now, as {@link #read} does. */
  default void forEach(Consumer<DeadLetter> consumer) throws DeadLettersUnavailableException {
    read(
        stored -> {
          consumer.accept(stored.letter());
          return true;
        });
  }

  /** Idempotent. */
  @Override
  void close();
}
