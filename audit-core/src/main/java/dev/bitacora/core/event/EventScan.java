package dev.bitacora.core.event;

import dev.bitacora.core.json.JsonReader;
import dev.bitacora.core.json.JsonReader.Token;
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

  /**
   * An object's names are looked through one by one. One of a hundred thousand members, which fits
   * into an event, would keep a sender for a minute.
   */
  private static final int MOST_MEMBERS = 64;

  private final JsonReader reader;
  private final Object[] kept = new Object[EventFields.KEPT.size()];

  /**
   * Names that the schema does not know of the objects that are open, one object's behind the
   * other's.
   */
  private String[] names = new String[16];

  private int open;
  private int required;
  private Instant timestamp;

  private EventScan(JsonReader reader) {
    this.reader = reader;
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
    if (bytes.length > JsonTree.MAX_STRING || JsonReader.mayHaveUnicodeEscapes(bytes)) {
      return Optional.empty();
    }
    try (JsonReader reader = JsonReader.of(bytes)) {
      EventScan scan = new EventScan(reader);
      boolean isGood =
          reader.next() == Token.OBJECT
              && scan.object(EventCheck.SCHEMA)
              && reader.next() == Token.END;
      return isGood ? scan.result() : Optional.empty();
    } catch (IOException | MalformedJsonException | DateTimeException e) {
      return Optional.empty();
    }
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
    long seen = 0; // of the names that the schema knows
    for (String name = reader.nextName(); name != null; name = reader.nextName()) {
      EventCheck.Node known = schema == null ? null : schema.members().get(name);
      if (known != null) {
        long before = seen;
        seen |= 1L << known.place();
        if (seen == before || !value(known, reader.next())) {
          return false;
        }
      } else if ((schema != null && !isOrdinary(name)) // the schema may have something against it
          || !isNew(name, first)
          || !anything(reader.next())) {
        return false;
      }
    }
    open = first;
    return true;
  }

  /** Looks through the names that the schema does not know. False, too, where they are too many. */
  private boolean isNew(String name, int first) {
    if (open - first == MOST_MEMBERS) {
      return false;
    }
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

  private boolean value(EventCheck.Node known, Token token) throws IOException {
    if (known.field() == null) {
      return token == Token.OBJECT && object(known);
    }
    required += known.isRequired() ? 1 : 0;
    return field(known, token);
  }

  private boolean anything(Token token) throws IOException {
    if (token == Token.OBJECT) {
      return object(null);
    }
    if (token == Token.ARRAY) {
      Token element = reader.next();
      while (element != Token.END_ARRAY && anything(element)) {
        element = reader.next();
      }
      return element == Token.END_ARRAY;
    }
    boolean isNumber = token == Token.INTEGER || token == Token.REAL;
    return token != Token.END && token != Token.END_ARRAY && (!isNumber || isShort());
  }

  private boolean isShort() throws IOException {
    return reader.length() <= SHORT_NUMBER;
  }

  private boolean field(EventCheck.Node known, Token token) throws IOException {
    if (known.field().envelope()) {
      return false;
    }
    return switch (known.field().type()) {
      case KEYWORD -> keyword(known, token);
      case TEXT -> token == Token.TEXT;
      case LONG -> token == Token.INTEGER && number(known);
      case DATE -> token == Token.TEXT && date(known);
      case IP -> token == Token.TEXT && EventCheck.isAddress(reader.text());
      case FLATTENED -> token == Token.OBJECT && object(null);
      case STORED -> anything(token);
    };
  }

  private boolean keyword(EventCheck.Node known, Token token) throws IOException {
    if (token == Token.ARRAY && !known.mustBeText() && known.kept() < 0) {
      Token element = reader.next();
      while (element == Token.TEXT) {
        element = reader.next();
      }
      return element == Token.END_ARRAY;
    }
    if (token != Token.TEXT) {
      return false;
    }
    if (known.mustBeText() && reader.isBlank()) {
      return false;
    }
    if (known.kept() >= 0) {
      kept[known.kept()] = reader.text();
    }
    return true;
  }

  private boolean number(EventCheck.Node known) throws IOException {
    if (!isShort()) {
      return false;
    }
    if (known.kept() >= 0) {
      kept[known.kept()] = reader.integer();
    }
    return true;
  }

  private boolean date(EventCheck.Node known) throws IOException {
    String text = reader.text();
    Instant time = EventTime.parse(text);
    if (known.kept() >= 0) { // there is but one
      kept[known.kept()] = text;
      timestamp = time;
    }
    return true;
  }
}
