package dev.bitacora.agent.spool;

import dev.bitacora.core.wire.RecordKind;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * A segment of this process's own stream: a spare until {@link #activate}, then taking records
 * until it is full or closed. Any thread may append; its order is the order of the numbers.
 */
interface Segment extends HeldSegment {
  /** Answered by an append: there is no room, go on in the next segment. */
  long FULL = -2;

  long capacity();

  /** Makes the spare the place where the stream goes on, with this number. */
  void activate(long base);

  /** Stores one record; its number, {@link #FULL}, or {@link Spool#REFUSED}. */
  long append(RecordKind kind, byte[] payload);

  /**
   * Stores a record that stands for several numbers, the last of which is its own.
   *
   * @param payload of the record's number; never longer than for the number given here
   */
  long appendGap(int span, LongFunction<byte[]> payload);

  /** Stores a record after which nothing fits. */
  long appendLast(RecordKind kind, byte[] payload);

  /** The number after its last one; empty while it takes records. */
  Optional<Long> end();

  /** The number of its first record. */
  long base();

  /** The number that the next record would get. */
  long next();

  /**
   * Makes sure that no append between these offsets has to wait for the kernel: pages are made
   * writable, for the first time or again after they were written to the disk.
   */
  void touch(long from, long to);

  /**
   * Gives back the memory of one that has ended and is not going to be delivered soon; it is read
   * from its file from then on. The janitor's.
   */
  void release();

  /** Returns when everything appended before is on the disk. */
  void force() throws IOException;

  /** True when it has ended and no thread is still storing a record in it. */
  boolean isComplete();

  /**
   * Makes it a spare again, under another name.
   *
   * @return false when that cannot be, and it has to be discarded
   */
  boolean recycle(SegmentName newName) throws IOException;

  /** Gives its file up. */
  void discard() throws IOException;
}
