package dev.bitacora.agent.context;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Who did it. Built from an id, with what else is known: {@code User.id("u42").name("Ann Lee")}.
 * Missing values never fail: recording must go on. Immutable and safe for any thread.
 *
 * @param type {@code user}, {@code service} or {@code system}
 * @param actingAs the id this user acts as, when it is another one's
 */
public record User(
    String id,
    Optional<String> name,
    Optional<String> email,
    List<String> roles,
    Optional<String> actingAs,
    String type) {

  /** Somebody whom nobody has identified, such as the sender of a request without credentials. */
  public static final User ANONYMOUS = id("anonymous");

  /** The component itself: timers, cleaners, start and stop. */
  public static final User SYSTEM = of("system", "system");

  public User {
    id = id == null || id.isBlank() ? "unknown" : id;
    roles = roles.isEmpty() ? List.of() : roles.stream().filter(Objects::nonNull).toList();
  }

  /** A person; an id that is missing or blank becomes {@code unknown}. */
  public static User id(String id) {
    return of(id, "user");
  }

  /** Another program, by its name. */
  public static User service(String name) {
    return of(name, "service");
  }

  private static User of(String id, String type) {
    return new User(id, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), type);
  }

  public User name(String name) {
    return new User(id, Optional.ofNullable(name), email, roles, actingAs, type);
  }

  public User email(String email) {
    return new User(id, name, Optional.ofNullable(email), roles, actingAs, type);
  }

  public User roles(String... roles) {
    return new User(id, name, email, Arrays.asList(roles), actingAs, type);
  }

  /** The id of the user in whose place this one acts. */
  public User actingAs(String otherId) {
    return new User(id, name, email, roles, Optional.ofNullable(otherId), type);
  }
}
