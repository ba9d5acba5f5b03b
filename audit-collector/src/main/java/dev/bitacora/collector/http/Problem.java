package dev.bitacora.collector.http;

import dev.bitacora.core.json.JsonWriter;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;

/** An error as RFC 9457 has it; the detail says what to do and quotes no content. */
final class Problem extends Exception {
  private final int status;
  private final String title;

  Problem(int status, String title, String detail) {
    super(detail);
    this.status = status;
    this.title = title;
  }

  int status() {
    return status;
  }

  void answer(Context ctx) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "about:blank");
    body.put("title", title);
    body.put("status", status);
    body.put("detail", getMessage());
    ctx.status(status).contentType("application/problem+json").result(JsonWriter.toBytes(body));
  }
}
