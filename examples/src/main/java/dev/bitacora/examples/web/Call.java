package dev.bitacora.examples.web;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import io.javalin.http.Context;
import java.io.InputStream;
import java.util.Map;

/** One request. */
public final class Call {
  private final Context context;

  Call(Context context) {
    this.context = context;
  }

  /** A part of the path, {@code {id}}. */
  public String path(String name) {
    return context.pathParam(name);
  }

  /** The body as it comes in, for what is too large for memory. */
  public InputStream body() {
    return context.bodyInputStream();
  }

  /**
   * The body as a JSON object.
   *
   * @throws RefusedException 400 when it is none
   */
  public Map<String, Object> json() throws RefusedException {
    try {
      return JsonTree.readObject(context.bodyAsBytes());
    } catch (MalformedJsonException e) {
      throw new RefusedException(400, "the body is no JSON object: " + e.getMessage());
    }
  }

  /**
   * A text of the body.
   *
   * @throws RefusedException 400 when there is none
   */
  public String required(String name) throws RefusedException {
    if (json().get(name) instanceof String text && !text.isBlank()) {
      return text;
    }
    throw new RefusedException(400, name + ": required");
  }
}
