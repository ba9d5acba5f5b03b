package dev.bitacora.core.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * One pass over an ordinary event's bytes, which keeps no field but a few. It accepts nothing that
 * {@link JsonTree} and {@link EventCheck} do not; what it does not accept may be good all the same,
 * and they say what is wrong with it if it is not. A collector reads each event so, and has better
 * things to do than to make objects of fields that it only passes on. One thread's, for one event.
 */
final class EventScan {
  /** No number of so many characters is too large for anything. */
  private static final int SHORT_NUMBER = 18;

  private final JsonParser parser;
  private final Object[] kept = new Object[EventFields.KEPT.size()];

  /** Names of the objects that are open, one object's behind the other's. */
  private String[] names = new String[64];

  private int open;
  private int required;
  private Instant timestamp;

  private EventScan(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * What was read of an event that is good.
   *
   * @param kept by {@link EventFields#placeKept}; null where the event does not have the field
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Result(Dataset dataset, Instant timestamp, Object[] kept) {}

  /** Empty when these bytes are no ordinary event, or none at all. */
  static Optional<Result> read(byte[] bytes) {
    // What is passed over is not decoded: not its length, nor the halves of characters in escapes.
    if (bytes.length > JsonTree.MAX_STRING || hasUnicodeEscape(bytes)) {
      return Optional.empty();
    }
    try (JsonParser parser = JsonTree.parser(bytes)) {
      EventScan scan = new EventScan(parser);
      boolean isGood =
          parser.nextToken() == JsonToken.START_OBJECT
              && scan.object(EventCheck.SCHEMA)
              && parser.nextToken() == null;
      return isGood ? scan.result() : Optional.empty();
    } catch (IOException | MalformedJsonException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static boolean hasUnicodeEscape(byte[] bytes) {
    for (int i = 0; i < bytes.length - 1; i++) {
      if (bytes[i] == '\\' && bytes[i + 1] == 'u') {
        return true;
      }
    }
    return false;
  }

  private Optional<Result> result() {
    boolean isGood =
        required == EventCheck.REQUIRED_FIELDS.size()
            && EventCheck.isKnownVersion(text(EventFields.SCHEMA_VERSION))
            && (text(EventFields.ACTION) != null
                || text(EventFields.DATASET).equals(Dataset.LOG.text()));
    return isGood
        ? Dataset.of(text(EventFields.DATASET)).map(dataset -> new Result(dataset, timestamp, kept))
        : Optional.empty();
  }

  private String text(Field field) {
    return (String) kept[EventFields.placeKept(field)];
  }

  /**
   * Reads an object's members up to its end.
   *
   * @param schema null where anything may stand
   */
  private boolean object(EventCheck.Node schema) throws IOException {
    int first = open;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      EventCheck.Node known = schema == null ? null : schema.members().get(name);
      // Where the schema knows an object, it may have something against a name.
      boolean isFree = schema == null || known != null || isOrdinary(name);
      if (!isFree || !isNew(name, first) || !value(known, parser.nextToken())) {
        return false;
      }
    }
    open = first;
    return true;
  }

  private boolean isNew(String name, int first) {
    for (int i = first; i < open; i++) {
      if (names[i].equals(name)) {
        return false;
      }
    }
    if (open == names.length) {
      names = Arrays.copyOf(names, 2 * open);
    }
    names[open++] = name;
    return true;
  }

  private static boolean isOrdinary(String name) {
    return !name.isEmpty() && name.indexOf('.') < 0;
  }

  private boolean value(EventCheck.Node known, JsonToken token) throws IOException {
    if (known == null) {
      return anything(token);
    }
    if (known.field() == null) {
      return token == JsonToken.START_OBJECT && object(known);
    }
    required += known.isRequired() ? 1 : 0;
    return field(known, token);
  }

  private boolean anything(JsonToken token) throws IOException {
    if (token == JsonToken.START_OBJECT) {
      return object(null);
    }
    if (token == JsonToken.START_ARRAY) {
      JsonToken element = parser.nextToken();
      while (element != JsonToken.END_ARRAY && anything(element)) {
        element = parser.nextToken();
      }
      return element == JsonToken.END_ARRAY;
    }
    return token != null && (!token.isNumeric() || parser.getTextLength() <= SHORT_NUMBER);
  }

  private boolean field(EventCheck.Node known, JsonToken token) throws IOException {
    if (known.field().envelope()) {
      return false;
    }
    return switch (known.field().type()) {
      case KEYWORD -> keyword(known, token);
      case TEXT -> token == JsonToken.VALUE_STRING;
      case LONG -> token == JsonToken.VALUE_NUMBER_INT && number(known);
      case DATE -> token == JsonToken.VALUE_STRING && date(known);
      case IP -> token == JsonToken.VALUE_STRING && EventCheck.isAddress(parser.getText());
      case FLATTENED -> token == JsonToken.START_OBJECT && object(null);
      case STORED -> anything(token);
    };
  }

  private boolean keyword(EventCheck.Node known, JsonToken token) throws IOException {
    if (token == JsonToken.START_ARRAY && !known.mustBeText() && known.kept() < 0) {
      JsonToken element = parser.nextToken();
      while (element == JsonToken.VALUE_STRING) {
        element = parser.nextToken();
      }
      return element == JsonToken.END_ARRAY;
    }
    if (token != JsonToken.VALUE_STRING) {
      return false;
    }
    if (known.kept() >= 0) {
      kept[known.kept()] = parser.getText();
    }
    return !known.mustBeText() || !parser.getText().isBlank();
  }

  private boolean number(EventCheck.Node known) throws IOException {
    if (parser.getTextLength() > SHORT_NUMBER) {
      return false;
    }
    if (known.kept() >= 0) {
      kept[known.kept()] = parser.getLongValue();
    }
    return true;
  }

  private boolean date(EventCheck.Node known) throws IOException {
    String text = parser.getText();
    Instant time = EventTime.parse(text);
    if (known.kept() >= 0) { // there is but one
      kept[known.kept()] = text;
      timestamp = time;
    }
    return true;
  }
}
