package dev.bitacora.viewer.access;

import dev.bitacora.store.state.StateStore;
import dev.bitacora.store.state.StateStore.Entry;
import dev.bitacora.store.state.StateStore.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Sessions, stored under the SHA-256 of their cookie. They end after an idle time, at the latest
 * after twelve hours, and when their user goes.
 */
final class Sessions {
  static final Duration LASTS = Duration.ofHours(12);

  /** "Last seen" is written at most this often, so that reading does not become writing. */
  private static final Duration TOUCH = Duration.ofMinutes(1);

  private final StateStore state;
  private final Clock clock;
  private final Duration idle;

  Sessions(StateStore state, Clock clock, Duration idle) {
    this.state = state;
    this.clock = clock;
    this.idle = idle;
  }

  private record Stored(String user, String csrf, Instant created, Instant seen) {
    static Stored read(String json) {
      StateJson values = StateJson.read(json);
      return new Stored(
          values.text("user"), values.text("csrf"), values.time("created"), values.time("seen"));
    }

    String json() {
      return StateJson.empty()
          .with("user", user)
          .with("csrf", csrf)
          .with("created", created)
          .with("seen", seen)
          .toString();
    }
  }

  /** Opens a session with a new secret, which becomes the cookie. */
  String open(String user) {
    removeEnded();
    String secret = Secrets.random();
    Instant now = clock.instant();
    Stored stored = new Stored(user, Secrets.random(), now, now);
    state.put(Kind.SESSION, Secrets.hash(secret), stored.json(), StateStore.ABSENT);
    return secret;
  }

  Optional<Session> find(String secret, Users users) {
    Optional<Entry> entry = state.get(Kind.SESSION, Secrets.hash(secret));
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    Stored stored = Stored.read(entry.get().value());
    if (hasEnded(stored)) {
      state.remove(Kind.SESSION, entry.get().key(), entry.get().version());
      return Optional.empty();
    }
    touch(entry.get(), stored);
    return users.find(stored.user()).map(user -> new Session(user.identity(), stored.csrf()));
  }

  void close(String secret) {
    state
        .get(Kind.SESSION, Secrets.hash(secret))
        .ifPresent(entry -> state.remove(Kind.SESSION, entry.key(), entry.version()));
  }

  /** Ends every session of a user. */
  void closeAll(String user) {
    for (Entry entry : state.list(Kind.SESSION)) {
      if (Stored.read(entry.value()).user().equals(user)) {
        state.remove(Kind.SESSION, entry.key(), entry.version());
      }
    }
  }

  private void touch(Entry entry, Stored stored) {
    Instant now = clock.instant();
    if (Duration.between(stored.seen(), now).compareTo(TOUCH) >= 0) {
      Stored seen = new Stored(stored.user(), stored.csrf(), stored.created(), now);
      // A lost race means that somebody else has just written the same.
      boolean ignored = state.put(Kind.SESSION, entry.key(), seen.json(), entry.version());
    }
  }

  private boolean hasEnded(Stored stored) {
    Instant now = clock.instant();
    return !now.isBefore(stored.seen().plus(idle)) || !now.isBefore(stored.created().plus(LASTS));
  }

  private void removeEnded() {
    for (Entry entry : state.list(Kind.SESSION)) {
      if (hasEnded(Stored.read(entry.value()))) {
        state.remove(Kind.SESSION, entry.key(), entry.version());
      }
    }
  }
}
