package dev.bitacora.agent.chain;

import dev.bitacora.agent.spool.SpooledRecord;
import dev.bitacora.agent.spool.Watermark;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The latest links of a stream's chain, so that sealer and shipper, who go the same way one after
 * the other, compute each link once, and the sealer need not go where the shipper was first; those
 * of other streams are computed and not remembered. The latest 16,384 stand in memory. What the
 * second one has not come to by then, because the destination is away, goes to a file that vanishes
 * with the process; the latest million stay there. Safe for any thread.
 */
public final class Links implements AutoCloseable {
  /** Blocks in memory. */
  private static final int AT_HAND = 16;

  private static final long NOTHING = -1;

  /** No hash is this. */
  private static final byte[] UNKNOWN = ChainLink.ZERO.toBytes();

  private final StreamId stream;

  /** What does not stay in memory; empty where there is no disk. */
  private final Optional<LinkFile> file;

  // Guarded by this. Objects would keep each collection of the component's heap busy for ms.
  private final long[] blocks = new long[AT_HAND];
  private final byte[] links;

  /** Up to here nobody needs links any more: the second one, or the shipper, has come there. */
  private long reached = NOTHING;

  /** How far the shipper has come at most; null until it has begun. */
  private Watermark sent;

  private Links(StreamId stream, Optional<LinkFile> file, int bytes) {
    this.stream = stream;
    this.file = file;
    this.links = new byte[bytes];
    Arrays.fill(blocks, NOTHING);
  }

  /**
   * Of the stream that is recorded here.
   *
   * @param folder of the lane, for what does not stay in memory; empty where there is no disk
   */
  public static Links of(StreamId stream, Optional<Path> folder) {
    Optional<LinkFile> file = folder.map(of -> new LinkFile(of.resolve("links")));
    return new Links(stream, file, AT_HAND * LinkFile.BLOCK_BYTES);
  }

  /** Of what others recorded, which only a shipper goes through. */
  public static Links ofOthers() {
    return new Links(StreamId.NONE, Optional.empty(), 0);
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

  /**
   * Says how far the shipper has come, so that the sealer need not go there itself.
   *
   * @param place in the spool, with the link there
   */
  public synchronized void sent(Watermark place) {
    boolean isFurther = sent == null || place.sequence() > sent.sequence();
    if (isFurther && place.stream().equals(stream)) {
      sent = place;
      reached = Math.max(reached, place.sequence());
    }
  }

  /** How far the shipper has come; empty when that is not behind this number. */
  synchronized Optional<Watermark> sentBeyond(long sequence) {
    return Optional.ofNullable(sent).filter(place -> place.sequence() > sequence);
  }

  /** The link after this record of the stream, as long as it is remembered. */
  synchronized Optional<ChainLink> known(long sequence) {
    long block = sequence / LinkFile.BLOCK;
    int place = place(block);
    Optional<ChainLink> known =
        blocks[place] == block
            ? link(links, place * LinkFile.BLOCK_BYTES + offset(sequence))
            : file.flatMap(of -> of.read(block)).flatMap(in -> link(in, offset(sequence)));
    if (known.isPresent()) {
      reached = Math.max(reached, sequence);
    }
    return known;
  }

  private static Optional<ChainLink> link(byte[] in, int at) {
    boolean isUnknown = Arrays.equals(in, at, at + ChainLink.BYTES, UNKNOWN, 0, ChainLink.BYTES);
    return isUnknown
        ? Optional.empty()
        : Optional.of(ChainLink.readFrom(ByteBuffer.wrap(in, at, ChainLink.BYTES)));
  }

  private synchronized void remember(long sequence, ChainLink after) {
    long block = sequence / LinkFile.BLOCK;
    int place = place(block);
    if (blocks[place] > block) {
      return; // of a shipper that begins again far behind, once; the later ones are still needed
    }
    if (blocks[place] < block) {
      makeRoom(place);
      blocks[place] = block;
    }
    byte[] bytes = after.toBytes();
    System.arraycopy(
        bytes, 0, links, place * LinkFile.BLOCK_BYTES + offset(sequence), bytes.length);
  }

  private void makeRoom(int place) {
    int from = place * LinkFile.BLOCK_BYTES;
    long block = blocks[place];
    boolean isStillNeeded = block != NOTHING && reached < (block + 1) * LinkFile.BLOCK - 1;
    if (isStillNeeded) {
      file.ifPresent(of -> of.write(block, links, from));
    }
    Arrays.fill(links, from, from + LinkFile.BLOCK_BYTES, (byte) 0);
  }

  private static int place(long block) {
    return (int) (block % AT_HAND);
  }

  private static int offset(long sequence) {
    return (int) (sequence % LinkFile.BLOCK) * ChainLink.BYTES;
  }

  /** Gives the file up; links are computed from then on where memory does not know them. */
  @Override
  public synchronized void close() {
    file.ifPresent(LinkFile::close);
  }
}
