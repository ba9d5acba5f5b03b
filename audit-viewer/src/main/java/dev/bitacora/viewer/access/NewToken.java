package dev.bitacora.viewer.access;

import dev.bitacora.core.query.Query;
import java.time.Instant;
import java.util.Optional;

/**
 * A token to be made.
 *
 * @param name what it is for, for people to read; the component's name for role component
 * @param scope the only events it shows
 * @param expires the moment it ends; never, when empty
 */
public record NewToken(Role role, String name, Query scope, Optional<Instant> expires) {
  public NewToken {
    if (name.isBlank() || name.length() > 128) {
      throw new IllegalArgumentException("token: expected a name of 1 to 128 characters");
    }
  }

  /** A token with which this component sends events. */
  public static NewToken component(String component) {
    return new NewToken(Role.COMPONENT, component, Query.ALL, Optional.empty());
  }

  /** A token of this role that sees everything its role may see and does not expire. */
  public static NewToken of(Role role, String name) {
    return new NewToken(role, name, Query.ALL, Optional.empty());
  }
}
