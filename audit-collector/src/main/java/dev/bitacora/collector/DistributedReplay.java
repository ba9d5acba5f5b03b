package dev.bitacora.collector;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.intake.IntakeService;
import dev.bitacora.collector.kafka.KafkaConnection;
import dev.bitacora.collector.kafka.KafkaDeadLetters;
import dev.bitacora.collector.kafka.KafkaIntakeLog;
import dev.bitacora.collector.kafka.TopicReplay;
import dev.bitacora.collector.replay.DeadLetterReplay;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Retention;
import java.time.Clock;

/**
 * What replays in the distributed service, beside the collectors and without disturbing them. The
 * store belongs to the caller, who starts it before and closes it after.
 */
public final class DistributedReplay implements AutoCloseable {
  private final DeadLetters letters;
  private final KafkaIntakeLog log;
  private final IntakeService intake;
  private final DeadLetterReplay deadLetters;
  private final TopicReplay topics;

  /**
   * Assembles it.
   *
   * @param retention the store's
   */
  public DistributedReplay(KafkaConnection kafka, AuditStore store, Retention retention) {
    Clock clock = Clock.systemUTC();
    letters = new KafkaDeadLetters(kafka);
    log = new KafkaIntakeLog(kafka);
    intake = new IntakeService(log, letters, new Accounts(), new StoredEvents(store)::find, clock);
    Delivery delivery = new Delivery(store, retention, letters, Measurements.NONE, clock);
    deadLetters = new DeadLetterReplay(letters, delivery, intake, clock);
    topics = new TopicReplay(kafka, store, retention, letters, clock);
  }

  public DeadLetterReplay deadLetters() {
    return deadLetters;
  }

  public TopicReplay topics() {
    return topics;
  }

  @Override
  public void close() {
    intake.close();
    log.close();
    letters.close();
  }
}
