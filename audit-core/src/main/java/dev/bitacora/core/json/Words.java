package dev.bitacora.core.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks through bytes eight at a time: what is looked for is rare, and each byte by itself takes as
 * long as a third of reading the JSON that they are (Lamport, "Multiple Byte Processing with
 * Full-Word Instructions", 1975).
 */
final class Words {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = ONES << 7;
  private static final long BLANKS = ONES * ' ';
  private static final long BACKSLASHES = ONES * '\\';

  private Words() {}

  /** Whether no byte has its highest bit set. */
  static boolean isAscii(byte[] bytes) {
    int i = 0;
    long all = 0;
    for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
      all |= (long) LONGS.get(bytes, i);
    }
    for (; i < bytes.length; i++) {
      all |= bytes[i];
    }
    return (all & HIGH_BITS) == 0;
  }

  /** Where the first backslash is; the length when there is none. */
  static int backslash(byte[] bytes, int from) {
    int i = from;
    while (i <= bytes.length - Long.BYTES && !hasBackslash((long) LONGS.get(bytes, i))) {
      i += Long.BYTES;
    }
    while (i < bytes.length && bytes[i] != '\\') {
      i++;
    }
    return i;
  }

  /** Where the first byte below the blank's is; {@code to} when there is none. */
  static int control(byte[] bytes, int from, int to) {
    int i = from;
    while (i <= to - Long.BYTES && !hasControl((long) LONGS.get(bytes, i))) {
      i += Long.BYTES;
    }
    while (i < to && (bytes[i] < 0 || bytes[i] >= ' ')) {
      i++;
    }
    return i;
  }

  private static boolean hasBackslash(long word) {
    long zeros = word ^ BACKSLASHES;
    return ((zeros - ONES) & ~zeros & HIGH_BITS) != 0;
  }

  private static boolean hasControl(long word) {
    return ((word - BLANKS) & ~word & HIGH_BITS) != 0;
  }
}
