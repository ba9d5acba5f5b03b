package dev.bitacora.viewer.web;

import dev.bitacora.viewer.access.Role;
import io.javalin.security.RouteRole;
import java.util.Optional;

/** Who may use a route. Each has one, or the server is not built. */
enum RouteAccess implements RouteRole {
  /** Everybody: signing in, and what gives nothing away. */
  ANYONE,
  /** Whoever is signed in, or has a token, whatever their roles. */
  ANY_ROLE,
  COMPONENT(Role.COMPONENT),
  READER(Role.READER),
  ADMIN(Role.ADMIN);

  private final Optional<Role> role;

  RouteAccess() {
    role = Optional.empty();
  }

  RouteAccess(Role role) {
    this.role = Optional.of(role);
  }

  /** The role that is needed; empty when there is none in particular. */
  Optional<Role> role() {
    return role;
  }
}
