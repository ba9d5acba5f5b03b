package dev.bitacora.collector.index;

import dev.bitacora.collector.accounting.Settlement;

/**
 * Sees what is settled: after it is durable, and before whoever waits for it is told, so that an
 * offset is never committed past a record that an observer has not seen. Called on the thread that
 * delivers, for every record, from several threads at the same time: it must be quick. What it
 * throws is logged and costs the record nothing.
 */
public interface Observer {
  /**
   * A record is durable, in the store or among the dead letters. A redelivery is seen again, as
   * {@link Settlement#DUPLICATE}; what was released is not seen.
   */
  void settled(PendingRecord record, Settlement how);
}
