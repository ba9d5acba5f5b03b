package dev.bitacora.viewer.api;

import dev.bitacora.core.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What went wrong with a request, for people and for programs (RFC 9457).
 *
 * @param status the HTTP status
 * @param title the kind of problem
 * @param detail this one, and what to do
 * @param extensions further members, such as {@code column}
 */
public record Problem(int status, String title, String detail, Map<String, Object> extensions) {
  public static final String CONTENT_TYPE = "application/problem+json";

  public Problem {
    extensions = Map.copyOf(extensions);
  }

  public static Problem of(int status, String title, String detail) {
    return new Problem(status, title, detail, Map.of());
  }

  public Problem with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(extensions);
    more.put(name, value);
    return new Problem(status, title, detail, more);
  }

  public byte[] json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", "about:blank");
    json.put("title", title);
    json.put("status", status);
    json.put("detail", detail);
    new java.util.TreeMap<>(extensions).forEach(json::put);
    return JsonWriter.toBytes(json);
  }
}
