package dev.bitacora.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final int MANY = 200_000;
  private static final int LONGEST = 40;

  @Test
  void isAscii_isWhatEachByteSays() {
    Random random = new Random(1);
    for (int i = 0; i < MANY; i++) {
      byte[] bytes = mostly('a', random, 0x80 + random.nextInt(0x80));
      assertThat(Words.isAscii(bytes)).isEqualTo(indexOf(bytes, 0, -128, -1) == bytes.length);
    }
  }

  @Test
  void backslash_isTheFirstOne() {
    Random random = new Random(2);
    for (int i = 0; i < MANY; i++) {
      byte[] bytes = mostly(random.nextInt(0x100), random, '\\');
      int from = random.nextInt(bytes.length + 1);
      assertThat(Words.backslash(bytes, from)).isEqualTo(indexOf(bytes, from, '\\', '\\'));
    }
  }

  @Test
  void control_isTheFirstOneBeforeTheEnd() {
    Random random = new Random(3);
    for (int i = 0; i < MANY; i++) {
      byte[] bytes = mostly(0x20 + random.nextInt(0xE0), random, random.nextInt(0x20));
      int to = random.nextInt(bytes.length + 1);
      int from = random.nextInt(to + 1);
      assertThat(Words.control(bytes, from, to))
          .isEqualTo(Math.min(to, indexOf(bytes, from, 0, 0x1F)));
    }
  }

  /** Of any length, with one other byte among them now and then. */
  private static byte[] mostly(int usual, Random random, int other) {
    byte[] bytes = new byte[random.nextInt(LONGEST)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(LONGEST) == 0 ? other : usual);
    }
    return bytes;
  }

  /** Of the first byte in this range; the length when there is none. */
  private static int indexOf(byte[] bytes, int start, int from, int to) {
    for (int i = start; i < bytes.length; i++) {
      if (bytes[i] >= from && bytes[i] <= to) {
        return i;
      }
    }
    return bytes.length;
  }
}
