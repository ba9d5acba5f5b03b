package dev.bitacora.collector.deadletter;

import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.core.wire.MalformedRecordException;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.DeadLetterIndex;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the open dead letters from time to time, in a thread of its own: counts them by reason,
 * closes each whose very event the store has by now, because it arrived later by another way, and
 * makes an index show what is open. It looks every minute, and less often where a look takes long:
 * at most a fiftieth of its time. What goes wrong is logged once, and it looks again. Safe for any
 * thread.
 */
public final class DeadLetterWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterWatch.class);
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final int REST = 49;
  private static final int BATCH = 500;

  private final DeadLetters letters;
  private final StoredCheck store;
  private final Optional<DeadLetterIndex> index;
  private final Clock clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Map<DeadLetterReason, Long> open = Map.of();
  private boolean failing;

  /** Says whether the store has an event. */
  public interface StoredCheck {
    /**
     * True when the store has a document with this id.
     *
     * @param eventId the first part of the document's id
     * @throws StoreException when it can not say
     */
    boolean has(String eventId, String documentId);
  }

  /**
   * A watch that has not begun.
   *
   * @param index to be kept; without one the letters are only counted and closed
   */
  public DeadLetterWatch(
      DeadLetters letters, StoredCheck store, Optional<DeadLetterIndex> index, Clock clock) {
    this.letters = letters;
    this.store = store;
    this.index = index;
    this.clock = clock;
  }

  /** Begins to look. */
  public void start() {
    Thread thread = new Thread(this::run, "bitacora-dead-letters");
    thread.setDaemon(true);
    thread.start();
  }

  /** How many were open at the last look, by reason; reasons without any are left out. */
  public Map<DeadLetterReason, Long> open() {
    return open;
  }

  private void run() {
    try {
      boolean isOver = false;
      while (!isOver) {
        long start = System.nanoTime();
        lookAndLog();
        long rest = Math.max(EVERY.toNanos(), REST * (System.nanoTime() - start));
        isOver = closed.await(rest, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever interrupts wants it to end
    }
  }

  private void lookAndLog() {
    try {
      look();
      failing = false;
    } catch (DeadLettersUnavailableException | RuntimeException e) {
      if (!failing) {
        LOG.warn("Dead letters: can not be looked at, will be tried again: {}", e.getMessage());
      }
      failing = true;
    }
  }

  /** Looks once. */
  void look() throws DeadLettersUnavailableException {
    Look look = new Look();
    letters.read(
        letter -> {
          look.at(letter);
          return closed.getCount() > 0;
        });
    look.close();
    open = Map.copyOf(look.counts);
    look.endIndexing();
  }

  /** One look; confined to its thread. */
  private final class Look {
    private final Map<DeadLetterReason, Long> counts = new EnumMap<>(DeadLetterReason.class);
    private final List<Closing> closings = new ArrayList<>();
    private Optional<Indexing> indexing = Optional.empty();
    private Optional<StoreException> indexTrouble = Optional.empty();

    Look() {
      index(() -> indexing = index.map(Indexing::new));
    }

    void at(StoredDeadLetter letter) throws DeadLettersUnavailableException {
      if (!isStored(letter.letter().record())) {
        counts.merge(letter.letter().reason(), 1L, Long::sum);
        index(() -> indexing.ifPresent(open -> open.open(letter)));
        return;
      }
      closings.add(Closing.of(letter, Resolution.STORED, clock.instant()));
      if (closings.size() >= BATCH) {
        close();
      }
    }

    void close() throws DeadLettersUnavailableException {
      if (!closings.isEmpty()) {
        letters.close(closings);
        LOG.info("Dead letters: {} arrived in the store later and are closed", closings.size());
        closings.clear();
      }
    }

    /** A look that was ended early has not seen all that is open. */
    void endIndexing() {
      if (closed.getCount() > 0) {
        index(() -> indexing.ifPresent(Indexing::end));
      }
      indexTrouble.ifPresent(
          trouble -> {
            throw trouble;
          });
    }

    /** Letters are counted and closed all the same when the index is away. */
    private void index(Runnable step) {
      if (indexTrouble.isPresent()) {
        return;
      }
      try {
        step.run();
      } catch (StoreException e) {
        indexTrouble = Optional.of(e);
      }
    }
  }

  /** A record without a number of its own can not be found. */
  private boolean isStored(RawRecord raw) {
    try {
      WireRecord wire = KafkaHeaders.read(raw.headers(), raw.value().orElse(null));
      String eventId = wire.position().eventId();
      return store.has(eventId, eventId + "." + NewEvent.hashOf(wire.value()));
    } catch (MalformedRecordException e) {
      return false;
    }
  }

  /** Looks no more; a look under way ends soon. Idempotent. */
  @Override
  public void close() {
    closed.countDown();
  }
}
