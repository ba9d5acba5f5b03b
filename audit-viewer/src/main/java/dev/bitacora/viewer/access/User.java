package dev.bitacora.viewer.access;

import dev.bitacora.core.query.Query;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A local user as stored.
 *
 * @param passwordHash empty until they chose one
 */
record User(
    String name, Set<Role> roles, Query scope, Optional<String> passwordHash, Instant created) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");

  User {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "user: a name has 1 to 64 of a-z 0-9 . _ @ - and begins with a letter or digit");
    }
    roles = Set.copyOf(roles);
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  static User read(String name, String json) {
    StateJson values = StateJson.read(json);
    return new User(
        name,
        values.roles("roles"),
        values.scope(),
        values.optional("password"),
        values.time("created"));
  }

  String json() {
    return StateJson.empty()
        .with("roles", roles)
        .with("scope", scope.toString())
        .with("created", created)
        .with("password", passwordHash)
        .toString();
  }

  User withPassword(String hash) {
    return new User(name, roles, scope, Optional.of(hash), created);
  }

  Identity identity() {
    return new Identity(Identity.Kind.USER, name, name, roles, scope);
  }

  @Override
  public String toString() {
    return "User[" + name + "]";
  }
}
