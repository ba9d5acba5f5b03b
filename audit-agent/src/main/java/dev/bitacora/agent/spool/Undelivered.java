package dev.bitacora.agent.spool;

/**
 * Records that wait to be delivered, stream after stream. Each reader has a cursor of its own; one
 * of them, the shipper, acknowledges.
 */
public interface Undelivered {
  /** What a waiting record survives. */
  Durability durability();

  /** A new reader, behind the watermark. */
  SpoolCursor cursor();

  /** How far everything is delivered. */
  Watermark watermark();

  /** Forgets every record up to and including this one: the destination has them. */
  void acknowledge(Watermark watermark);
}
