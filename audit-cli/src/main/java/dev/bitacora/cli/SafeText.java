package dev.bitacora.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Bytes and texts of others, so that they do a terminal no harm. */
final class SafeText {
  private static final int HEX_LINE = 32;

  private SafeText() {}

  /** One line: what would move the cursor becomes a question mark, what is too long is cut. */
  static String line(String text, int maxLength) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(maxLength)
        .forEach(c -> line.appendCodePoint(isHarmless(c) && c != '\n' && c != '\t' ? c : '?'));
    return text.codePointCount(0, text.length()) > maxLength
        ? line.append('…').toString()
        : line.toString();
  }

  /** The text that these bytes are; empty when they are none, or no harmless one. */
  static Optional<String> of(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.codePoints().allMatch(SafeText::isHarmless)
          ? Optional.of(text)
          : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Lines of hexadecimal digits, each with the place of its first byte. */
  static String hex(byte[] bytes) {
    StringBuilder hex = new StringBuilder();
    for (int start = 0; start < bytes.length; start += HEX_LINE) {
      int end = Math.min(bytes.length, start + HEX_LINE);
      hex.append("%08x  ".formatted(start));
      hex.append(HexFormat.of().formatHex(bytes, start, end)).append('\n');
    }
    return hex.toString();
  }

  private static boolean isHarmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c == '\n' || c == '\t' || c == '\r';
      case Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE ->
          false;
      default -> true;
    };
  }
}
