package dev.bitacora.bench.chaos.collector;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * An answer on its way back.
 *
 * @param body owned by this reply
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record Reply(int status, String type, byte[] body) {
  private static final String JSON = "application/vnd.elasticsearch+json;compatible-with=9";

  static Reply json(int status, String body) {
    return new Reply(status, JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  static Reply html(int status, String title) {
    String page =
        "<html><head><title>" + title + "</title></head><body>" + title + "</body></html>";
    return new Reply(status, "text/html", page.getBytes(StandardCharsets.UTF_8));
  }

  /** A refusal of the whole request, as Elasticsearch words it. */
  static Reply refusal(int status, String type) {
    return json(
        status,
        "{\"error\":{\"root_cause\":[],\"type\":\"%s\",\"reason\":\"chaos\"},\"status\":%d}"
            .formatted(type, status));
  }

  Reply withBody(byte[] other) {
    return new Reply(status, type, other);
  }

  /** The same bulk's answer with other items; an answer without any stays as it is. */
  Reply withItems(UnaryOperator<List<Map<String, Object>>> change) {
    try {
      Map<String, Object> answer = new LinkedHashMap<>(JsonTree.readObject(body));
      if (!(answer.get("items") instanceof List<?>)) {
        return this;
      }
      answer.put("items", change.apply(items()));
      return withBody(JsonWriter.toBytes(answer));
    } catch (MalformedJsonException e) {
      return this;
    }
  }

  /** What stands in a bulk's answer; each item is {@code {"create": {…}}}. */
  @SuppressWarnings("unchecked") // JSON objects have no other keys
  List<Map<String, Object>> items() {
    try {
      return JsonTree.readObject(body).get("items") instanceof List<?> items
          ? new ArrayList<>((List<Map<String, Object>>) items)
          : new ArrayList<>();
    } catch (MalformedJsonException e) {
      return new ArrayList<>();
    }
  }
}
