package dev.bitacora.examples.people;

import dev.bitacora.agent.context.User;
import java.util.List;

/**
 * Somebody with an account.
 *
 * @param environments where the account exists
 */
public record Person(String id, String name, List<String> roles, List<String> environments) {
  public Person {
    roles = List.copyOf(roles);
    environments = List.copyOf(environments);
  }

  public boolean has(String role) {
    return roles.contains(role);
  }

  /** The same person as an event's actor. */
  public User actor() {
    return User.id(id).name(name).email(id + "@example.com").roles(roles.toArray(String[]::new));
  }
}
