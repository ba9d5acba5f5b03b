package dev.bitacora.viewer.web;

import io.javalin.http.Context;

/** Sends a page. */
final class Html {
  private Html() {}

  static void send(Context ctx, byte[] page) {
    ctx.contentType("text/html; charset=utf-8").result(page);
  }
}
