package dev.bitacora.agent.spool;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.wire.RecordKind;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One lane's accepted records, from {@link #append} until {@link #acknowledge}. It owns the lane's
 * stream and gives out its numbers: the order of the numbers is the order of the records, whatever
 * the number of threads. It may also hold what an earlier process has left behind, which comes
 * first.
 *
 * <p>Any thread may append. Appending never waits for the destination and never throws.
 */
public interface Spool extends Undelivered, AutoCloseable {
  /** What {@link #append} answers instead of a number. */
  long REFUSED = -1;

  /** The highest number a stream can have. */
  long HIGHEST_SEQUENCE = StreamPosition.SEQUENCE_LIMIT - 1;

  StreamId stream();

  /**
   * Accepts a record under the stream's next number. When there is no room the record is refused
   * and counted, and a record that accounts for it takes a number of its own as soon as there is
   * room.
   *
   * @return the number, or {@link #REFUSED}
   */
  long append(RecordKind kind, byte[] value);

  /**
   * Accepts a record of the agent's own if there is room for it now: it neither waits for room,
   * which its caller may be about to make, nor counts as refused.
   *
   * @return the number, or {@link #REFUSED}
   */
  long appendIfRoom(RecordKind kind, byte[] value);

  /** Counts a record that was refused before it came here. */
  void refuse(String reason);

  /**
   * Accepts the record that says that the stream ends; what the process still records may follow.
   */
  void appendEnd(RecordKind kind, byte[] value);

  /** Accepts the stream's last record; everything later is refused and takes no number. */
  void appendLast(RecordKind kind, byte[] value);

  /** A new reader of this stream alone, from its beginning or from what is still there of it. */
  SpoolCursor ownCursor();

  /** Completes once everything accepted before is on the disk; fails when that cannot be. */
  CompletableFuture<Void> forced();

  SpoolState state();

  /** How much of the room is taken by what is not delivered, from 0 to 1; a moment old. */
  double fill();

  /** The lane's own, for what its readers do not keep in memory; empty where there is no disk. */
  Optional<Path> folder();

  /** The lane's stream before this one; empty when there was none, or nothing is known of it. */
  Optional<Predecessor> predecessor();

  /**
   * Gives up what it holds of the system. What is not acknowledged stays where it is, on a disk.
   */
  @Override
  void close();
}
