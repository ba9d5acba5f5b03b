package dev.bitacora.agent.chain;

import dev.bitacora.agent.spool.SpooledRecord;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The latest links of a stream's chain, so that sealer and shipper, who go the same way one after
 * the other, compute each link once; those of other streams are computed and not remembered. Safe
 * for any thread.
 */
public final class Links {
  private static final int REMEMBERED = 1 << 14;
  private static final long NOTHING = -1;

  private final StreamId stream;

  // Guarded by this. Objects would keep each collection of the component's heap busy for ms.
  private final long[] sequences;
  private final ByteBuffer links;

  private Links(StreamId stream, int remembered) {
    this.stream = stream;
    this.sequences = new long[remembered];
    this.links = ByteBuffer.allocate(remembered * ChainLink.BYTES);
    Arrays.fill(sequences, NOTHING);
  }

  /** Of the stream that is recorded here. */
  public static Links of(StreamId stream) {
    return new Links(stream, REMEMBERED);
  }

  /** Of what others recorded, which only a shipper goes through. */
  public static Links ofOthers() {
    return new Links(StreamId.NONE, 0);
  }

  /** The link after this record, given the one before it. */
  public ChainLink after(SpooledRecord record, ChainLink previous) {
    if (!record.stream().equals(stream)) {
      return previous.next(record.position(), record.value());
    }
    Optional<ChainLink> known = known(record.sequence());
    if (known.isPresent()) {
      return known.get();
    }
    ChainLink after = previous.next(record.position(), record.value());
    remember(record.sequence(), after);
    return after;
  }

  private synchronized Optional<ChainLink> known(long sequence) {
    int place = place(sequence);
    return sequences[place] == sequence
        ? Optional.of(ChainLink.readFrom(links.position(place * ChainLink.BYTES)))
        : Optional.empty();
  }

  private synchronized void remember(long sequence, ChainLink after) {
    int place = place(sequence);
    sequences[place] = sequence;
    links.put(place * ChainLink.BYTES, after.toBytes());
  }

  private static int place(long sequence) {
    return (int) (sequence & (REMEMBERED - 1));
  }
}
