package dev.bitacora.store;

/**
 * A place in the log that orders events: a Kafka partition, or embedded the service's own.
 *
 * @param log {@code <topic>/<partition>}; becomes {@code ledger.log}
 * @param offset becomes {@code ledger.offset}
 */
public record LogPosition(String log, long offset) {
  public LogPosition {
    if (log.isBlank() || offset < 0) {
      throw new IllegalArgumentException(
          "log position: expected a log and an offset of at least 0");
    }
  }
}
