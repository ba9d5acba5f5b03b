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
      @SuppressWarnings("unchecked") // members() makes no other map
      Map<String, Object> typed = (Map<String, Object>) object;
      return typed;
    }
    throw new MalformedJsonException("expected a JSON object");
  }

  /** Reads one value of any kind. */
  public static Object read(byte[] utf8) throws MalformedJsonException {
    try (JsonParser parser = parser(utf8)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new MalformedJsonException("expected JSON, found nothing");
      }
      Object value = new Reading(parser).value(first);
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

  /** One value's reading. */
  private static final class Reading {
    private final JsonParser parser;

    /** To be used for the next object; there are as many as objects are open at a time. */
    private final List<Members> spare = new ArrayList<>();

    Reading(JsonParser parser) {
      this.parser = parser;
    }

    Object value(JsonToken token) throws IOException, MalformedJsonException {
      return switch (token) {
        case START_OBJECT -> members();
        case START_ARRAY -> elements();
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

    private Map<String, Object> members() throws IOException, MalformedJsonException {
      Members members = spare.isEmpty() ? new Members() : spare.remove(spare.size() - 1);
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        requireWellFormed(name);
        if (name.indexOf('\0') >= 0) {
          throw new MalformedJsonException("a key contains NUL");
        }
        if (!members.add(name, value(parser.nextToken()))) {
          // Not by Jackson, which keeps a second set of every object's keys for it.
          throw new MalformedJsonException(
              "duplicate key before byte " + parser.currentTokenLocation().getByteOffset());
        }
      }
      Map<String, Object> map = members.toMap();
      members.clear();
      spare.add(members);
      return map;
    }

    private List<Object> elements() throws IOException, MalformedJsonException {
      List<Object> elements = new ArrayList<>();
      for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
        elements.add(value(t));
      }
      return elements;
    }
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

  /** With the limits that hold here. */
  static JsonParser parser(byte[] utf8) throws IOException, MalformedJsonException {
    requireUtf8(utf8);
    return FACTORY.createParser(utf8);
  }

  private static void requireUtf8(byte[] bytes) throws MalformedJsonException {
    if (Words.isAscii(bytes)) {
      return;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw new MalformedJsonException("not valid UTF-8");
    }
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
