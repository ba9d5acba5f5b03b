package dev.bitacora.viewer.web;

import dev.bitacora.viewer.access.Role;
import dev.bitacora.viewer.access.Session;
import dev.bitacora.viewer.page.Frame;
import dev.bitacora.viewer.page.Links;
import io.javalin.http.Context;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What stands around the pages of a request, and where they lead. */
final class Frames {
  private static final Pattern LOCAL = Pattern.compile("/(events|traces|help|password)([/?].*)?");
  private static final int MAX_NEXT = 2048;

  private final Links links;

  Frames(Links links) {
    this.links = links;
  }

  Links links() {
    return links;
  }

  Frame of(Context ctx) {
    Optional<Caller> caller = Caller.of(ctx);
    return new Frame(
        links,
        caller.map(c -> c.identity().name()),
        caller.flatMap(Caller::session).map(Session::csrf).orElse(""),
        caller.filter(c -> c.identity().may(Role.READER)).isPresent());
  }

  /** The log-in page that leads back to where somebody wanted to go. */
  String login(Context ctx) {
    String path = ctx.path().substring(ctx.contextPath().length());
    String query = ctx.queryString();
    String wanted = query == null ? path : path + "?" + query;
    return isLocal(wanted) ? links.to("/login", Map.of("next", wanted)) : links.to("/login");
  }

  /** Where to go after the log-in: never to another host. */
  String after(String next) {
    return links.to(isLocal(next) ? next : "/events");
  }

  private static boolean isLocal(String path) {
    return path.length() <= MAX_NEXT
        && LOCAL.matcher(path).matches()
        && path.chars().noneMatch(Character::isISOControl);
  }
}
