package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.wire.RecordKind;
import java.time.Duration;
import java.util.List;

/**
 * One lane's accepted records, from {@link #append} until {@link #release}. It owns the lane's
 * stream and gives out its numbers: the order of the numbers is the order of the records, whatever
 * the number of threads.
 *
 * <p>Any thread may append; one thread, the shipper, reads, waits and releases. Appending never
 * waits for the destination and never throws.
 */
public interface Spool {
  /** What {@link #append} answers instead of a number. */
  long REFUSED = -1;

  StreamId stream();

  /** What a record survives once it is accepted. */
  Durability durability();

  /**
   * Accepts a record under the stream's next number. When there is no room the record is refused,
   * its number is spent, and one gap record will account for it; control records always find room.
   *
   * @return the number, or {@link #REFUSED}
   */
  long append(RecordKind kind, byte[] value);

  /** Spends a number on a record that could not even be encoded. */
  void refuse(String reason);

  /** Accepts the stream's last record; everything later is refused and takes no number. */
  void appendLast(RecordKind kind, byte[] value);

  /** Records from this number on, in order; none when there are none yet. At least one fits. */
  List<SpooledRecord> read(long from, int maxRecords, int maxBytes);

  /** Waits until there is a record at or after this number, a wake-up call, or the time is over. */
  void await(long from, Duration atMost);

  /** Forgets every record up to and including this number: the destination has them. */
  void release(long through);

  SpoolState state();
}
