package dev.bitacora.viewer.access;

import dev.bitacora.core.query.Query;
import java.util.Set;

/**
 * Who is asking, once that is proven.
 *
 * @param id the user's name; of a token {@code token:<its id>}, or of a component its name
 * @param name for people to read
 * @param scope the only events they may see
 */
public record Identity(Kind kind, String id, String name, Set<Role> roles, Query scope) {
  public Identity {
    roles = Set.copyOf(roles);
  }

  public boolean may(Role wanted) {
    return roles.stream().anyMatch(role -> role.grants(wanted));
  }

  /** How they proved it. */
  public enum Kind {
    /** A person with a session. */
    USER,
    /** A program with an API token. */
    TOKEN
  }
}
