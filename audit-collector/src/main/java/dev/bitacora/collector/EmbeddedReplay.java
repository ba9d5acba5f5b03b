package dev.bitacora.collector;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.deadletter.DeadLetterFiles;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.intake.IntakeService;
import dev.bitacora.collector.intake.StoreIntakeLog;
import dev.bitacora.collector.replay.DeadLetterReplay;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Retention;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * What replays in the embedded service's data directory while the service does not run. The store
 * belongs to the caller, who starts it before and closes it after.
 */
public final class EmbeddedReplay implements AutoCloseable {
  private final DeadLetters letters;
  private final IntakeService intake;
  private final DeadLetterReplay deadLetters;

  /**
   * Assembles it.
   *
   * @param retention the store's
   * @param lastOffsets each log's highest offset in the store
   * @param deadLetterFolder usually {@code <data>/dlq}
   */
  public EmbeddedReplay(
      AuditStore store, Retention retention, Map<String, Long> lastOffsets, Path deadLetterFolder) {
    Clock clock = Clock.systemUTC();
    Accounts accounts = new Accounts();
    letters = new DeadLetterFiles(deadLetterFolder);
    Delivery delivery = new Delivery(store, retention, letters, Measurements.NONE, clock);
    intake =
        new IntakeService(
            new StoreIntakeLog(delivery, accounts, lastOffsets, clock),
            letters,
            accounts,
            new StoredEvents(store)::find,
            clock);
    deadLetters = new DeadLetterReplay(letters, delivery, intake, clock);
  }

  /** Opens the dead letters; throws with a sentence that says what to do. */
  public void start() throws DeadLettersUnavailableException {
    letters.start();
  }

  public DeadLetterReplay deadLetters() {
    return deadLetters;
  }

  @Override
  public void close() {
    intake.close();
    letters.close();
  }
}
