package dev.bitacora.collector.intake;

import java.util.List;

/**
 * Where the intake makes records durable: embedded the store, distributed Kafka. Safe for any
 * thread.
 */
public interface IntakeLog {

  /**
   * Appends records and returns when all of them are durable, dead letters included: one result per
   * record, in order.
   *
   * @throws IntakeUnavailableException when some may not be; appending the same again does no harm
   */
  List<ItemResult> append(List<IntakeRecord> records) throws IntakeUnavailableException;
}
