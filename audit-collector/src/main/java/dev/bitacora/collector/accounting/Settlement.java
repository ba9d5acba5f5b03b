package dev.bitacora.collector.accounting;

/** How a record left the collector. */
public enum Settlement {
  /** Durable in the store. */
  INDEXED,
  /** Durable, beside another event with the same id and other bytes: an alarm. */
  CONFLICT,
  /** The same bytes were there already. */
  DUPLICATE,
  /** Durable among the dead letters. */
  DEADLETTERED,
  /** Given back unconfirmed: to another collector, or to the sender who will send it again. */
  RELEASED
}
