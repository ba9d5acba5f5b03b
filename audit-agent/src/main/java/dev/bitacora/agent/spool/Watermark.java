package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;

/**
 * How far a lane is delivered: everything up to this record, and the chain's link after it, from
 * which a later process goes on with the same chain.
 *
 * @param sequence -1 when nothing of the stream is delivered yet
 * @param segment where the record stands
 * @param offset behind it there
 */
public record Watermark(StreamId stream, long segment, long offset, long sequence, ChainLink link) {
  /** The same lane after this record. */
  public static Watermark after(SpooledRecord record, ChainLink link) {
    return new Watermark(record.stream(), record.segment(), record.end(), record.sequence(), link);
  }
}
