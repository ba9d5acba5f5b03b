package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.wire.RecordKind;
import java.util.concurrent.CompletableFuture;

/**
 * One lane's accepted records, from {@link #append} until {@link #acknowledge}. It owns the lane's
 * stream and gives out its numbers: the order of the numbers is the order of the records, whatever
 * the number of threads. It may also hold what an earlier process has left behind, which comes
 * first.
 *
 * <p>Any thread may append. Appending never waits for the destination and never throws. Each reader
 * has a cursor of its own; one of them, the shipper, acknowledges.
 */
public interface Spool extends AutoCloseable {
  /** What {@link #append} answers instead of a number. */
  long REFUSED = -1;

  /** The highest number a stream can have. */
  long HIGHEST_SEQUENCE = StreamPosition.SEQUENCE_LIMIT - 1;

  StreamId stream();

  /** What a record survives once it is accepted. */
  Durability durability();

  /**
   * Accepts a record under the stream's next number. When there is no room the record is refused
   * and counted, and a record that accounts for it takes a number of its own as soon as there is
   * room.
   *
   * @return the number, or {@link #REFUSED}
   */
  long append(RecordKind kind, byte[] value);

  /** Counts a record that was refused before it came here. */
  void refuse(String reason);

  /** Accepts the stream's last record; everything later is refused and takes no number. */
  void appendLast(RecordKind kind, byte[] value);

  /** A new reader, behind the watermark. */
  SpoolCursor cursor();

  /** How far the lane is delivered. */
  Watermark watermark();

  /** Forgets every record up to and including this one: the destination has them. */
  void acknowledge(Watermark watermark);

  /** Completes once everything accepted before is on the disk; fails when that cannot be. */
  CompletableFuture<Void> forced();

  SpoolState state();

  /**
   * Gives up what it holds of the system. What is not acknowledged stays where it is, on a disk.
   */
  @Override
  void close();
}
