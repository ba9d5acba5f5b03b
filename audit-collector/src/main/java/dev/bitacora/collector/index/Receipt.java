package dev.bitacora.collector.index;

import dev.bitacora.collector.accounting.Settlement;

/** Whoever must know what became of a record. Called from any thread, once per record. */
public interface Receipt {
  /** The record is durable, in the store or among the dead letters. */
  void settled(PendingRecord record, Settlement how);

  /** False once nobody waits any more: the record may be dropped, another will deliver it. */
  boolean isWanted();
}
