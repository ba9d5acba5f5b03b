package dev.bitacora.viewer.web;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.util.Optional;

/** The viewer's two cookies: the session, and what ties the log-in form to its browser. */
final class Cookies {
  private static final String SESSION = "bitacora_session";
  private static final String FORM = "bitacora_form";
  private static final int UNTIL_BROWSER_ENDS = -1;

  private final String path;
  private final Proxies proxies;

  Cookies(String basePath, Proxies proxies) {
    path = basePath.isEmpty() ? "/" : basePath;
    this.proxies = proxies;
  }

  Optional<String> session(Context ctx) {
    return Optional.ofNullable(ctx.cookie(SESSION));
  }

  void setSession(Context ctx, String secret) {
    set(ctx, SESSION, secret, UNTIL_BROWSER_ENDS);
  }

  void removeSession(Context ctx) {
    set(ctx, SESSION, "", 0);
  }

  Optional<String> form(Context ctx) {
    return Optional.ofNullable(ctx.cookie(FORM)).filter(value -> value.matches("[\\w-]{43}"));
  }

  void setForm(Context ctx, String secret) {
    set(ctx, FORM, secret, UNTIL_BROWSER_ENDS);
  }

  private void set(Context ctx, String name, String value, int maxAge) {
    ctx.cookie(
        new Cookie(name, value, path, maxAge, proxies.isSecure(ctx), true, null, SameSite.LAX));
  }
}
