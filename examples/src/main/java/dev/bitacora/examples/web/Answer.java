package dev.bitacora.examples.web;

import java.util.Map;

/**
 * What is answered: a status and a JSON object.
 *
 * @param body not modified later
 */
public record Answer(int status, Map<String, Object> body) {
  public static Answer ok(Map<String, Object> body) {
    return new Answer(200, body);
  }

  public static Answer of(int status, String message) {
    return new Answer(status, Map.of("message", message));
  }

  public boolean isGood() {
    return status < 400;
  }

  /** A text of the body; empty when there is none. */
  public String text(String name) {
    Object value = body.get(name);
    return value == null ? "" : value.toString();
  }

  /** A whole number of the body; 0 when there is none. */
  public long number(String name) {
    return body.get(name) instanceof Number number ? number.longValue() : 0;
  }
}
