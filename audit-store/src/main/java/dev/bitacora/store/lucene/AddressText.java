package dev.bitacora.store.lucene;

import java.util.StringJoiner;
import org.apache.lucene.util.BytesRef;

/** Addresses as RFC 5952 writes them: {@code 10.0.0.1}, {@code 2001:db8::1}. */
final class AddressText {
  private static final int GROUPS = 8;

  private AddressText() {}

  static String of(BytesRef address) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = unsigned(address, 2 * i) << 8 | unsigned(address, 2 * i + 1);
    }
    return isMapped(groups) ? v4(groups) : v6(groups);
  }

  private static int unsigned(BytesRef address, int at) {
    return address.bytes[address.offset + at] & 0xFF;
  }

  private static boolean isMapped(int[] groups) {
    for (int i = 0; i < 5; i++) {
      if (groups[i] != 0) {
        return false;
      }
    }
    return groups[5] == 0xFFFF;
  }

  private static String v4(int[] groups) {
    return (groups[6] >> 8)
        + "."
        + (groups[6] & 0xFF)
        + "."
        + (groups[7] >> 8)
        + "."
        + (groups[7] & 0xFF);
  }

  private static String v6(int[] groups) {
    int from = 0;
    int length = 1; // a single zero group is not shortened
    for (int i = 0; i < GROUPS; i++) {
      int zeros = zerosAt(groups, i);
      if (zeros > length) {
        from = i;
        length = zeros;
      }
    }
    return length == 1
        ? hex(groups, 0, GROUPS)
        : hex(groups, 0, from) + "::" + hex(groups, from + length, GROUPS);
  }

  private static int zerosAt(int[] groups, int from) {
    int end = from;
    while (end < GROUPS && groups[end] == 0) {
      end++;
    }
    return end - from;
  }

  private static String hex(int[] groups, int from, int to) {
    StringJoiner text = new StringJoiner(":");
    for (int i = from; i < to; i++) {
      text.add(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
