package dev.bitacora.viewer.page;

import gg.jte.Content;
import gg.jte.TemplateOutput;

/**
 * Untrusted text as HTML: escaped, and with every character that could hide or reorder something
 * shown by its name. A page cannot be made to lie by what an event says.
 */
public final class Visible implements Content {
  private static final int HANGUL_CHOSEONG_FILLER = 0x115F;
  private static final int HANGUL_JUNGSEONG_FILLER = 0x1160;
  private static final int HANGUL_FILLER = 0x3164;
  private static final int HALFWIDTH_HANGUL_FILLER = 0xFFA0;
  private static final int COMBINING_GRAPHEME_JOINER = 0x034F;
  private static final int BRAILLE_BLANK = 0x2800;

  /** What ASCII calls its first 32 characters: no font needs to have a sign for them. */
  private static final String[] CONTROLS = {
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR",
    "SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC",
    "FS", "GS", "RS", "US"
  };

  private final String text;
  private final boolean keepsLines;

  private Visible(String text, boolean keepsLines) {
    this.text = text;
    this.keepsLines = keepsLines;
  }

  /** Text in one line. */
  public static Visible of(String text) {
    return new Visible(text, false);
  }

  /** Text whose line breaks and tabs stay, for a block that keeps white space. */
  public static Visible lines(String text) {
    return new Visible(text, true);
  }

  /** The beginning of a long text, in one line. */
  public static Visible beginning(String text, int length) {
    int end =
        text.codePointCount(0, text.length()) <= length
            ? text.length()
            : text.offsetByCodePoints(0, length);
    return new Visible(end < text.length() ? text.substring(0, end) + "…" : text, false);
  }

  /** For attributes and other places without markup: names instead of the characters. */
  public static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isHidden(c)) {
                plain.append('⟨').append(codeOf(c)).append('⟩');
              } else {
                plain.appendCodePoint(c);
              }
            });
    return plain.toString();
  }

  public boolean isEmpty() {
    return text.isEmpty();
  }

  @Override
  public void writeTo(TemplateOutput output) {
    StringBuilder html = new StringBuilder(text.length() + 32);
    text.codePoints().forEach(c -> append(html, c));
    output.writeContent(html.toString());
  }

  private void append(StringBuilder html, int c) {
    switch (c) {
      case '&' -> html.append("&amp;");
      case '<' -> html.append("&lt;");
      case '>' -> html.append("&gt;");
      case '"' -> html.append("&#34;");
      case '\'' -> html.append("&#39;");
      default -> {
        if (keepsLines && (c == '\n' || c == '\t')) {
          html.append((char) c);
        } else if (isHidden(c)) {
          html.append("<span class=\"unseen\" title=\"")
              .append(codeOf(c))
              .append(' ')
              .append(nameOf(c))
              .append("\">")
              .append(symbolOf(c))
              .append("</span>");
        } else {
          html.appendCodePoint(c);
        }
      }
    }
  }

  /** True for what is not seen, or changes how its neighbours are seen. */
  static boolean isHidden(int c) {
    switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED -> {
        return true;
      }
      default -> {
        return isVariationSelector(c) || isBlankLetter(c);
      }
    }
  }

  private static boolean isVariationSelector(int c) {
    return (c >= 0xFE00 && c <= 0xFE0F)
        || (c >= 0xE0100 && c <= 0xE01EF)
        || (c >= 0x180B && c <= 0x180F);
  }

  private static boolean isBlankLetter(int c) {
    return c == HANGUL_CHOSEONG_FILLER
        || c == HANGUL_JUNGSEONG_FILLER
        || c == HANGUL_FILLER
        || c == HALFWIDTH_HANGUL_FILLER
        || c == COMBINING_GRAPHEME_JOINER
        || c == BRAILLE_BLANK;
  }

  private static String codeOf(int c) {
    return String.format("U+%04X", c);
  }

  private static String nameOf(int c) {
    String name = Character.getName(c);
    return name == null ? "UNASSIGNED" : name;
  }

  private static String symbolOf(int c) {
    if (c == '\n') {
      return "↵";
    }
    if (c == '\t') {
      return "⇥";
    }
    return c < CONTROLS.length ? CONTROLS[c] : codeOf(c);
  }
}
