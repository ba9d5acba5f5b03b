package dev.bitacora.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON into plain values: {@code Map<String, Object>}, {@code List<Object>}, String, Long,
 * BigInteger, Double, Boolean and null; objects are not to be modified. Refuses what no honest
 * sender writes: duplicate keys, more than {@link #MAX_DEPTH} levels, strings above {@link
 * #MAX_STRING} characters, numbers above {@link #MAX_NUMBER} digits, keys above {@link #MAX_KEY}
 * characters or with a NUL, unpaired surrogates, invalid UTF-8, anything behind the value. Safe for
 * any thread.
 */
public final class JsonTree {
  public static final int MAX_DEPTH = 100;
  public static final int MAX_STRING = 1 << 20;
  public static final int MAX_NUMBER = 100;
  public static final int MAX_KEY = 1024;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_STRING)
                  .maxNumberLength(MAX_NUMBER)
                  .maxNameLength(MAX_KEY)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private JsonTree() {}

  /** Reads one object. */
  public static Map<String, Object> readObject(byte[] utf8) throws MalformedJsonException {
    if (read(utf8) instanceof Map<?, ?> object) {
      @SuppressWarnings("unchecked") // readValue makes no other map
      Map<String, Object> typed = (Map<String, Object>) object;
      return typed;
    }
    throw new MalformedJsonException("expected a JSON object");
  }

  /** Reads one value of any kind. */
  public static Object read(byte[] utf8) throws MalformedJsonException {
    requireUtf8(utf8);
    try (JsonParser parser = FACTORY.createParser(utf8)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new MalformedJsonException("expected JSON, found nothing");
      }
      Object value = readValue(parser, first);
      if (parser.nextToken() != null) {
        throw new MalformedJsonException(
            "expected one JSON value, found more at byte "
                + parser.currentTokenLocation().getByteOffset());
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new MalformedJsonException(describe(e));
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory", impossible);
    }
  }

  private static Object readValue(JsonParser parser, JsonToken token)
      throws IOException, MalformedJsonException {
    return switch (token) {
      case START_OBJECT -> readMembers(parser);
      case START_ARRAY -> readElements(parser);
      case VALUE_STRING -> requireWellFormed(parser.getText());
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? parser.getBigIntegerValue()
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new MalformedJsonException("unexpected " + token);
    };
  }

  private static Map<String, Object> readMembers(JsonParser parser)
      throws IOException, MalformedJsonException {
    Members members = new Members();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      requireWellFormed(name);
      if (name.indexOf('\0') >= 0) {
        throw new MalformedJsonException("a key contains NUL");
      }
      if (!members.add(name, readValue(parser, parser.nextToken()))) {
        // Not by Jackson, which keeps a second set of every object's keys for it.
        throw new MalformedJsonException(
            "duplicate key before byte " + parser.currentTokenLocation().getByteOffset());
      }
    }
    return members.toMap();
  }

  private static List<Object> readElements(JsonParser parser)
      throws IOException, MalformedJsonException {
    List<Object> elements = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      elements.add(readValue(parser, t));
    }
    return elements;
  }

  private static String requireWellFormed(String text) throws MalformedJsonException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw new MalformedJsonException("a string holds an unpaired surrogate");
        }
        i++;
      }
    }
    return text;
  }

  private static void requireUtf8(byte[] bytes) throws MalformedJsonException {
    if (isAscii(bytes)) {
      return;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw new MalformedJsonException("not valid UTF-8");
    }
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static String describe(JsonProcessingException e) {
    String place =
        e.getLocation() == null ? "" : " at byte " + Math.max(0, e.getLocation().getByteOffset());
    String problem = e.getOriginalMessage();
    int detail = problem.indexOf('\n');
    problem = detail < 0 ? problem : problem.substring(0, detail);
    // Jackson quotes the offending token, which may be somebody's secret.
    return (problem.startsWith("Unrecognized token") ? "unrecognized token" : problem) + place;
  }
}
