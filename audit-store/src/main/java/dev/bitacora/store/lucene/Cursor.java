package dev.bitacora.store.lucene;

import dev.bitacora.store.SearchRequest.Order;
import dev.bitacora.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32;
import org.apache.lucene.util.BytesRef;

/**
 * The place behind an event of a page, as text for URLs: Base64 of
 *
 * <pre>
 * u8 form, 1 ‖ u8 order, 0 newest first, 1 oldest first ‖ u64 time ‖ key[32] ‖ u32 CRC-32 of what stands before
 * </pre>
 */
record Cursor(Order order, long time, BytesRef key) {
  private static final byte FORM = 1;
  private static final int CHECKED_BYTES = 1 + 1 + 8 + StoredForm.KEY_BYTES;

  String text() {
    ByteBuffer bytes = ByteBuffer.allocate(CHECKED_BYTES + 4);
    bytes.put(FORM).put(code(order)).putLong(time);
    bytes.put(key.bytes, key.offset, key.length);
    bytes.putInt(checksum(bytes.array()));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /**
   * @throws StoreException.BadCursor when the text is no cursor of this order
   */
  static Cursor parse(String text, Order order) {
    ByteBuffer bytes = ByteBuffer.wrap(decode(text));
    if (bytes.remaining() != CHECKED_BYTES + 4
        || bytes.getInt(CHECKED_BYTES) != checksum(bytes.array())
        || bytes.get() != FORM
        || bytes.get() != code(order)) {
      throw new StoreException.BadCursor();
    }
    long time = bytes.getLong();
    byte[] key = new byte[StoredForm.KEY_BYTES];
    bytes.get(key);
    return new Cursor(order, time, new BytesRef(key));
  }

  private static byte code(Order order) {
    return (byte) (order == Order.NEWEST_FIRST ? 0 : 1);
  }

  private static byte[] decode(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new StoreException.BadCursor();
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, CHECKED_BYTES);
    return (int) checksum.getValue();
  }
}
