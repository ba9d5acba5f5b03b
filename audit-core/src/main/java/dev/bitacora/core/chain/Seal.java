package dev.bitacora.core.chain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/**
 * A signature over a stream's chain up to a record, Ed25519 (RFC 8032), by the key that the
 * stream's agent made when it started. It proves continuity, not authorship: nobody without that
 * key can change, remove or insert a record before the seal and make another one that fits.
 *
 * <pre>
 * message = "bitacora-seal/v1\n" ‖ stream[16] ‖ u64(up to) ‖ link[32]
 * </pre>
 *
 * where {@code link} is the link after the record {@code up to}. A public key is 32 bytes, a
 * signature 64.
 */
public final class Seal {
  /** Length of a raw public key. */
  public static final int KEY_BYTES = 32;

  /** The JDK's name of the algorithm. */
  public static final String ALGORITHM = "Ed25519";

  private static final byte[] DOMAIN = "bitacora-seal/v1\n".getBytes(StandardCharsets.US_ASCII);

  /** What stands before the raw key in its X.509 form (RFC 8410). */
  private static final byte[] KEY_PREFIX = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

  private Seal() {}

  /** What is signed. */
  public static byte[] message(StreamPosition upTo, ChainLink link) {
    return ByteBuffer.allocate(DOMAIN.length + StreamPosition.BYTES + ChainLink.BYTES)
        .put(DOMAIN)
        .put(upTo.toBytes())
        .put(link.toBytes())
        .array();
  }

  /** A public key's 32 bytes. */
  public static byte[] rawKey(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
  }

  /**
   * True if the owner of this key has signed this link.
   *
   * @param rawKey 32 bytes
   * @throws InvalidKeyException when the bytes are no key
   */
  public static boolean verifies(
      byte[] rawKey, StreamPosition upTo, ChainLink link, byte[] signature)
      throws InvalidKeyException {
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(publicKey(rawKey));
      verifier.update(message(upTo, link));
      return verifier.verify(signature);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Java has Ed25519 since version 15", impossible);
    } catch (SignatureException malformed) {
      return false;
    }
  }

  private static PublicKey publicKey(byte[] rawKey)
      throws InvalidKeyException, NoSuchAlgorithmException {
    if (rawKey.length != KEY_BYTES) {
      throw new InvalidKeyException("expected 32 bytes, found " + rawKey.length);
    }
    byte[] encoded = Arrays.copyOf(KEY_PREFIX, KEY_PREFIX.length + KEY_BYTES);
    System.arraycopy(rawKey, 0, encoded, KEY_PREFIX.length, KEY_BYTES);
    try {
      return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
    } catch (NoSuchAlgorithmException impossible) {
      throw impossible;
    } catch (GeneralSecurityException e) {
      throw new InvalidKeyException(e);
    }
  }
}
