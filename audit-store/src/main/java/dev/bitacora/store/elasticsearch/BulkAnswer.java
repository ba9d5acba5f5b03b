package dev.bitacora.store.elasticsearch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Reads what Elasticsearch answers to a bulk: one item for each document, in order. */
final class BulkAnswer {
  private static final JsonFactory JSON = new JsonFactory();

  private BulkAnswer() {}

  /**
   * What became of one document; what the answer does not say is empty, or 0.
   *
   * @param operation {@code create}, as it was asked for
   * @param isError whether the item has an error, whatever its status
   */
  record Item(
      String operation,
      String index,
      String id,
      int status,
      boolean isError,
      String errorType,
      String errorReason) {}

  /**
   * The items; none where the answer has none.
   *
   * @throws IOException when it is not JSON, or ends too early
   */
  static List<Item> read(InputStream answer) throws IOException {
    List<Item> items = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(answer)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("a bulk's answer is no JSON object");
      }
      while (nextName(parser) != null) {
        boolean isItems = parser.currentName().equals("items");
        if (parser.nextToken() == JsonToken.START_ARRAY && isItems) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            items.add(item(parser));
          }
        } else {
          parser.skipChildren();
        }
      }
    }
    return items;
  }

  /** {@code {"create":{"_index":…,"_id":…,"status":…}}}. */
  private static Item item(JsonParser parser) throws IOException {
    Reading reading = new Reading();
    while (nextName(parser) != null) {
      reading.operation = parser.currentName();
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        reading.outcome(parser);
      } else {
        parser.skipChildren();
      }
    }
    return new Item(
        reading.operation,
        reading.index,
        reading.id,
        reading.status,
        reading.isError,
        reading.errorType,
        reading.errorReason);
  }

  /** The next member's name; null at the object's end. */
  private static String nextName(JsonParser parser) throws IOException {
    String name = parser.nextFieldName();
    if (name == null && parser.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("a bulk's answer ends too early");
    }
    return name;
  }

  private static final class Reading {
    private String operation = "";
    private String index = "";
    private String id = "";
    private int status;
    private boolean isError;
    private String errorType = "";
    private String errorReason = "";

    private void outcome(JsonParser parser) throws IOException {
      while (nextName(parser) != null) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
          case "_index" -> index = parser.getValueAsString("");
          case "_id" -> id = parser.getValueAsString("");
          case "status" -> status = parser.getValueAsInt(0);
          case "error" -> {
            isError = value != JsonToken.VALUE_NULL;
            if (value == JsonToken.START_OBJECT) {
              error(parser);
            }
          }
          default -> parser.skipChildren();
        }
      }
    }

    private void error(JsonParser parser) throws IOException {
      while (nextName(parser) != null) {
        String name = parser.currentName();
        JsonToken unused = parser.nextToken();
        switch (name) {
          case "type" -> errorType = parser.getValueAsString("");
          case "reason" -> errorReason = parser.getValueAsString("");
          default -> parser.skipChildren();
        }
      }
    }
  }
}
