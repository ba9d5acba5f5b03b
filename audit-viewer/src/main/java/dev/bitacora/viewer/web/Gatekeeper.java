package dev.bitacora.viewer.web;

import dev.bitacora.viewer.access.Access;
import dev.bitacora.viewer.access.Identity;
import dev.bitacora.viewer.access.Role;
import dev.bitacora.viewer.access.Session;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Optional;

/**
 * Stands before every route: finds out who asks, lets them pass by the route's role, and lets a
 * change pass only if it comes from a form of our own.
 */
final class Gatekeeper {
  private static final long MAX_FORM_BYTES = 16 * 1024;

  private final Access access;
  private final Cookies cookies;
  private final Proxies proxies;
  private final Trail trail;

  Gatekeeper(Access access, Cookies cookies, Proxies proxies, Trail trail) {
    this.access = access;
    this.cookies = cookies;
    this.proxies = proxies;
    this.trail = trail;
  }

  /** Throws {@link Refusal}, or attaches the caller. */
  void check(Context ctx) {
    RouteAccess needed = RouteTable.accessOf(ctx.routeRoles());
    Optional<Caller> caller = identify(ctx);
    caller.ifPresent(known -> known.attachTo(ctx));
    if (needed != RouteAccess.ANYONE) {
      require(ctx, needed, caller);
    }
    boolean sentByToken = caller.isPresent() && caller.get().session().isEmpty();
    if (isChange(ctx) && !sentByToken) {
      requireOwnForm(ctx, caller.flatMap(Caller::session));
    }
  }

  private Optional<Caller> identify(Context ctx) {
    String authorization = ctx.header("Authorization");
    if (authorization != null) {
      return access.bearer(authorization).map(identity -> new Caller(identity, Optional.empty()));
    }
    return cookies
        .session(ctx)
        .flatMap(access::session)
        .map(session -> new Caller(session.identity(), Optional.of(session)));
  }

  private void require(Context ctx, RouteAccess needed, Optional<Caller> caller) {
    if (caller.isEmpty()) {
      refuseUnknown(ctx);
    }
    Optional<Role> role = needed.role();
    Identity identity = caller.orElseThrow().identity();
    if (role.isPresent() && !identity.may(role.get())) {
      trail.denied(ctx, "needs role " + role.get().text());
      throw Refusal.forbidden(
          "This needs the role " + role.get().text() + ", which " + identity.name() + " lacks.");
    }
  }

  private void refuseUnknown(Context ctx) {
    if (ctx.header("Authorization") != null) {
      trail.denied(ctx, "unknown or expired token");
      throw Refusal.unauthenticated("The token is unknown or has expired.");
    }
    if (Failures.isApi(ctx)) {
      trail.denied(ctx, "no credentials");
    }
    throw Refusal.unauthenticated("Send an API token as \"Authorization: Bearer …\", or sign in.");
  }

  private static boolean isChange(Context ctx) {
    return !ctx.method().equals(HandlerType.GET) && !ctx.method().equals(HandlerType.HEAD);
  }

  private void requireOwnForm(Context ctx, Optional<Session> session) {
    long length = ctx.req().getContentLengthLong();
    if (length < 0 || length > MAX_FORM_BYTES) {
      throw new Refusal(413, "Too large", "This form has at most 16 KiB.");
    }
    String token = Optional.ofNullable(ctx.formParam("csrf")).orElse("");
    boolean isOurs =
        session.isPresent()
            ? session.get().isOwn(token)
            : cookies.form(ctx).filter(token::equals).isPresent();
    if (!isOurs || !comesFromHere(ctx)) {
      trail.denied(ctx, "a change from outside the viewer's own pages");
      throw Refusal.forbidden("This form is too old. Go back, reload the page and try again.");
    }
  }

  /**
   * Browsers name the page that a form came from: by {@code Origin}, which our no-referrer policy
   * turns into "null", or by {@code Sec-Fetch-Site}. Who sends neither is no browser of today, and
   * the token alone decides.
   */
  private boolean comesFromHere(Context ctx) {
    String origin = ctx.header("Origin");
    if (origin != null && !origin.equals("null")) {
      return origin.equalsIgnoreCase(proxies.origin(ctx));
    }
    String site = ctx.header("Sec-Fetch-Site");
    return site == null || site.equals("same-origin") || site.equals("none");
  }
}
