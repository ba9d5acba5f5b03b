package dev.bitacora.core.chain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A link of a stream's hash chain, 32 bytes. A record carries the link before it, so that whoever
 * holds record n+1 can tell whether record n was changed.
 *
 * <pre>
 * link = SHA-256("bitacora-chain/v1\n" ‖ stream[16] ‖ u64(sequence) ‖ previous[32] ‖ SHA-256(value)[32])
 * </pre>
 *
 * Immutable and safe for any thread.
 */
public final class ChainLink {
  /** Length of a link. */
  public static final int BYTES = 32;

  /** The link before sequence 0, and of every record of the log lane: 32 zeros. */
  public static final ChainLink ZERO = new ChainLink(new byte[BYTES]);

  private static final byte[] DOMAIN = "bitacora-chain/v1\n".getBytes(StandardCharsets.US_ASCII);

  /** To look the algorithm up for each record would cost as much as to hash it. */
  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(ChainLink::newSha256);

  private final byte[] bytes;

  private ChainLink(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies 32 bytes. */
  public static ChainLink of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("chain link: expected 32 bytes, found " + bytes.length);
    }
    return new ChainLink(bytes.clone());
  }

  /** Reads 32 bytes from the buffer's position. */
  public static ChainLink readFrom(ByteBuffer buffer) {
    byte[] bytes = new byte[BYTES];
    buffer.get(bytes);
    return new ChainLink(bytes);
  }

  /** The link after the record at {@code position}, whose exact bytes are {@code value}. */
  public ChainLink next(StreamPosition position, byte[] value) {
    MessageDigest digest = sha256();
    byte[] valueHash = digest.digest(value);
    digest.update(DOMAIN);
    digest.update(position.toBytes());
    digest.update(bytes);
    return new ChainLink(digest.digest(valueHash));
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  /** SHA-256 of a value: what leaves, chains and document ids are made of. */
  public static byte[] hash(byte[] value) {
    return sha256().digest(value);
  }

  /** This thread's, with nothing in it. */
  private static MessageDigest sha256() {
    MessageDigest digest = SHA_256.get();
    digest.reset();
    return digest;
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChainLink link && Arrays.equals(bytes, link.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
