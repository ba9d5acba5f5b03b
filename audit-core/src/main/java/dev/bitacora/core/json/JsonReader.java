package dev.bitacora.core.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.Closeable;
import java.io.IOException;

/**
 * Goes through JSON token by token, for whoever needs no tree, with the limits of {@link JsonTree}.
 * What is passed over is not decoded, so that it looks neither for duplicate keys, nor for unpaired
 * surrogates in escapes, nor for the length of texts and numbers that nobody asked for. An {@link
 * IOException} says that what comes next is no JSON. One thread's.
 */
public final class JsonReader implements Closeable {
  private final JsonParser parser;

  private JsonReader(JsonParser parser) {
    this.parser = parser;
  }

  /** What comes next. Objects end where {@link #nextName} says so. */
  public enum Token {
    OBJECT,
    ARRAY,
    END_ARRAY,
    TEXT,
    INTEGER,
    REAL,
    /** A boolean or null. */
    LITERAL,
    /** Behind the last value. */
    END
  }

  /**
   * Stands before the first value.
   *
   * @throws MalformedJsonException when the bytes are not UTF-8
   */
  public static JsonReader of(byte[] utf8) throws IOException, MalformedJsonException {
    return new JsonReader(JsonTree.parser(utf8));
  }

  /**
   * Whether there is a backslash with a {@code u} behind it somewhere: an escape that passing over
   * a text does not look into, or two backslashes and that letter.
   */
  public static boolean mayHaveUnicodeEscapes(byte[] utf8) {
    int last = utf8.length - 1;
    int i = Words.backslash(utf8, 0);
    while (i < last && utf8[i + 1] != 'u') {
      i = Words.backslash(utf8, i + 1);
    }
    return i < last;
  }

  /** The next value, or the end of the array that is open. */
  public Token next() throws IOException {
    JsonToken token = parser.nextToken();
    return token == null ? Token.END : of(token);
  }

  private static Token of(JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> Token.OBJECT;
      case START_ARRAY -> Token.ARRAY;
      case END_ARRAY -> Token.END_ARRAY;
      case VALUE_STRING -> Token.TEXT;
      case VALUE_NUMBER_INT -> Token.INTEGER;
      case VALUE_NUMBER_FLOAT -> Token.REAL;
      case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> Token.LITERAL;
      default -> throw new IOException("unexpected " + token);
    };
  }

  /** The name of the open object's next member, whose value is next; null at its end. */
  public String nextName() throws IOException {
    String name = parser.nextFieldName();
    if (name == null && parser.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("expected a key");
    }
    return name;
  }

  /** The text that has just come, or the number as it is written. */
  public String text() throws IOException {
    return parser.getText();
  }

  /** Whether the text that has just come has nothing but white space, as {@link String#isBlank}. */
  public boolean isBlank() throws IOException {
    char[] buffer = parser.getTextCharacters();
    int from = parser.getTextOffset();
    int to = from + parser.getTextLength();
    for (int i = from; i < to; i++) {
      if (!Character.isWhitespace(buffer[i])) { // of two halves of a character, none is
        return false;
      }
    }
    return true;
  }

  /** How many characters the number has that has just come. */
  public int length() throws IOException {
    return parser.getTextLength();
  }

  /** The integer that has just come, of up to 18 characters. */
  public long integer() throws IOException {
    return parser.getLongValue();
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
