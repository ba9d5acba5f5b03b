package dev.bitacora.viewer.access;

import dev.bitacora.store.state.StateStore;
import dev.bitacora.store.state.StateStore.Entry;
import dev.bitacora.store.state.StateStore.Kind;
import java.util.Optional;

/** Local users, by name. */
final class Users {
  private final StateStore state;

  Users(StateStore state) {
    this.state = state;
  }

  boolean isEmpty() {
    return state.list(Kind.USER).isEmpty();
  }

  Optional<User> find(String name) {
    return User.isName(name)
        ? state.get(Kind.USER, name).map(entry -> User.read(name, entry.value()))
        : Optional.empty();
  }

  /** Adds a user unless one of this name exists. */
  boolean add(User user) {
    return state.put(Kind.USER, user.name(), user.json(), StateStore.ABSENT);
  }

  /** Sets the password; false when the user is gone. */
  boolean setPassword(String name, String hash) {
    while (true) {
      Optional<Entry> entry = state.get(Kind.USER, name);
      if (entry.isEmpty()) {
        return false;
      }
      User changed = User.read(name, entry.get().value()).withPassword(hash);
      if (state.put(Kind.USER, name, changed.json(), entry.get().version())) {
        return true;
      }
    }
  }
}
