package dev.bitacora.collector.deadletter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The first eight bytes of a file: five letters ‖ 0 ‖ 0 ‖ u8 format version 1.
 *
 * @param what the file holds, for messages
 */
record Magic(String letters, String what) {
  static final int BYTES = 8;
  private static final byte VERSION = 1;

  byte[] bytes() {
    byte[] bytes = new byte[BYTES];
    byte[] text = letters.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, bytes, 0, text.length);
    bytes[BYTES - 1] = VERSION;
    return bytes;
  }

  /**
   * Reads and checks them.
   *
   * @return how many they are
   */
  int read(Path file, InputStream in) throws IOException {
    byte[] expected = bytes();
    byte[] found = in.readNBytes(BYTES);
    for (int i = 0; i < BYTES - 1; i++) {
      if (found.length <= i || found[i] != expected[i]) {
        throw new IOException(file + " is not a file of " + what);
      }
    }
    byte version = found.length == BYTES ? found[BYTES - 1] : 0;
    if (version != VERSION) {
      throw new IOException(
          file
              + " has format version "
              + version
              + ", this program knows version 1; use the newer program that wrote it");
    }
    return BYTES;
  }
}
