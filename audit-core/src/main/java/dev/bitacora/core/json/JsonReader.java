package dev.bitacora.core.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * Goes through JSON token by token, for whoever needs no tree, with the limits of {@link JsonTree}.
 * What is passed over is not decoded, so that it looks neither for duplicate keys, nor for unpaired
 * surrogates in escapes, nor for the length of texts and numbers that nobody asked for. One
 * thread's.
 */
public final class JsonReader implements AutoCloseable {
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
  public static JsonReader of(byte[] utf8) throws MalformedJsonException {
    try {
      return new JsonReader(JsonTree.parser(utf8));
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** The next value, or the end of the array that is open. */
  public Token next() throws MalformedJsonException {
    try {
      JsonToken token = parser.nextToken();
      return token == null ? Token.END : of(token);
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private static Token of(JsonToken token) throws MalformedJsonException {
    return switch (token) {
      case START_OBJECT -> Token.OBJECT;
      case START_ARRAY -> Token.ARRAY;
      case END_ARRAY -> Token.END_ARRAY;
      case VALUE_STRING -> Token.TEXT;
      case VALUE_NUMBER_INT -> Token.INTEGER;
      case VALUE_NUMBER_FLOAT -> Token.REAL;
      case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> Token.LITERAL;
      default -> throw new MalformedJsonException("unexpected " + token);
    };
  }

  /** The name of the open object's next member, whose value is next; null at its end. */
  public String nextName() throws MalformedJsonException {
    try {
      String name = parser.nextFieldName();
      if (name == null && parser.currentToken() != JsonToken.END_OBJECT) {
        throw new MalformedJsonException("expected a key");
      }
      return name;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** The text that has just come, or the number as it is written. */
  public String text() throws MalformedJsonException {
    try {
      return parser.getText();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** How many characters the number has that has just come. */
  public int length() throws MalformedJsonException {
    try {
      return parser.getTextLength();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** The integer that has just come, of up to 18 characters. */
  public long integer() throws MalformedJsonException {
    try {
      return parser.getLongValue();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private static MalformedJsonException malformed(IOException e) {
    return new MalformedJsonException(JsonTree.describe(e));
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory", impossible);
    }
  }
}
