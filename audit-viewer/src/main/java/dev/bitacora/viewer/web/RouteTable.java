package dev.bitacora.viewer.web;

import io.javalin.Javalin;
import io.javalin.router.Endpoint;
import io.javalin.router.ParsedEndpoint;
import io.javalin.security.Roles;
import io.javalin.security.RouteRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The registered routes, read back from the server itself. */
final class RouteTable {
  private RouteTable() {}

  /** A route, and who may use it. */
  record Route(String method, String path, RouteAccess access) {}

  /**
   * Every route of a server.
   *
   * @throws IllegalStateException naming the routes that say nothing about who may use them
   */
  static List<Route> of(Javalin server) {
    List<Route> routes = new ArrayList<>();
    List<String> open = new ArrayList<>();
    for (ParsedEndpoint parsed : server.unsafe.internalRouter.allHttpHandlers()) {
      Endpoint endpoint = parsed.endpoint;
      if (endpoint.method.isHttpMethod()) {
        Roles roles = endpoint.metadata(Roles.class);
        if (roles == null || roles.getRoles().isEmpty()) {
          open.add(endpoint.method.name() + " " + endpoint.path);
        } else {
          routes.add(new Route(endpoint.method.name(), endpoint.path, accessOf(roles.getRoles())));
        }
      }
    }
    if (!open.isEmpty()) {
      throw new IllegalStateException("viewer: routes without a role: " + String.join(", ", open));
    }
    return routes;
  }

  static RouteAccess accessOf(Set<RouteRole> roles) {
    if (roles.size() == 1 && roles.iterator().next() instanceof RouteAccess access) {
      return access;
    }
    throw new IllegalStateException("viewer: a route has exactly one role, found " + roles);
  }
}
