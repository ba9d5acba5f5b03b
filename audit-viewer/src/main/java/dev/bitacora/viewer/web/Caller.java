package dev.bitacora.viewer.web;

import dev.bitacora.viewer.access.Identity;
import dev.bitacora.viewer.access.Session;
import io.javalin.http.Context;
import java.util.Optional;

/**
 * Who makes this request.
 *
 * @param session there when a browser's cookie proved it
 */
record Caller(Identity identity, Optional<Session> session) {
  private static final String ATTRIBUTE = "bitacora.caller";

  void attachTo(Context ctx) {
    ctx.attribute(ATTRIBUTE, this);
  }

  static Optional<Caller> of(Context ctx) {
    return Optional.ofNullable(ctx.attribute(ATTRIBUTE));
  }

  /** The caller behind a route that only somebody known gets to. */
  static Identity identityOf(Context ctx) {
    return of(ctx).orElseThrow().identity();
  }
}
