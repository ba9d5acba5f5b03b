package dev.bitacora.collector.http;

import io.javalin.http.Context;
import java.io.IOException;

/**
 * What a client is still sending while it is being refused. A server that answers and closes then
 * resets the connection, and the client sees a broken pipe instead of the reason.
 */
final class UnreadBody {
  /** More than this is not worth a friendly answer. */
  private static final int MAX_BYTES = 1 << 20;

  private UnreadBody() {}

  static void discard(Context ctx) {
    try {
      long unused = ctx.req().getInputStream().skip(MAX_BYTES);
    } catch (IOException | IllegalStateException e) {
      // the client has gone, or the body was read otherwise: nobody waits
    }
  }
}
