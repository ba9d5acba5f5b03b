package dev.bitacora.viewer.web;

import io.javalin.http.Context;

/** On every answer, set before anything else so that streams and errors carry them too. */
final class SecurityHeaders {
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

  private static final String ONE_YEAR = "max-age=31536000";

  private final Proxies proxies;

  SecurityHeaders(Proxies proxies) {
    this.proxies = proxies;
  }

  void set(Context ctx) {
    ctx.header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("X-Frame-Options", "DENY")
        .header("Referrer-Policy", "no-referrer")
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .header("Cross-Origin-Resource-Policy", "same-origin")
        .header("Cache-Control", "no-store");
    if (proxies.isSecure(ctx)) {
      ctx.header("Strict-Transport-Security", ONE_YEAR);
    }
  }
}
