package dev.bitacora.viewer.access;

import dev.bitacora.store.state.StateStore;
import dev.bitacora.store.state.StateStore.Entry;
import dev.bitacora.store.state.StateStore.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * API tokens and one-time log-in links, each stored under the SHA-256 of its secret, so that
 * reading the state shows no usable one.
 */
final class Tokens {
  /** Lets secret scanners recognise a token that went where it should not be. */
  static final String PREFIX = "bita_";

  private static final String PURPOSE = "purpose";
  private static final String API = "api";
  private static final String LOGIN = "login";
  private static final Duration LOGIN_LINK_LASTS = Duration.ofHours(24);

  private final StateStore state;
  private final Clock clock;

  Tokens(StateStore state, Clock clock) {
    this.state = state;
    this.clock = clock;
  }

  /** Makes a token and returns its secret, which nobody can ask for again. */
  String create(NewToken token) {
    StateJson json =
        StateJson.empty()
            .with(PURPOSE, API)
            .with("role", token.role().text())
            .with("name", token.name())
            .with("scope", token.scope().toString())
            .with("created", clock.instant())
            .with("expires", token.expires());
    return store(PREFIX + Secrets.random(), json);
  }

  /** Makes a link's secret that logs this user in once; earlier ones stop working. */
  String createLoginLink(String user) {
    for (Entry entry : state.list(Kind.TOKEN)) {
      StateJson json = StateJson.read(entry.value());
      if (isLoginLink(json) && json.text("user").equals(user)) {
        state.remove(Kind.TOKEN, entry.key(), entry.version());
      }
    }
    StateJson json =
        StateJson.empty()
            .with(PURPOSE, LOGIN)
            .with("user", user)
            .with("created", clock.instant())
            .with("expires", clock.instant().plus(LOGIN_LINK_LASTS));
    return store(Secrets.random(), json);
  }

  private String store(String secret, StateJson json) {
    state.put(Kind.TOKEN, Secrets.hash(secret), json.toString(), StateStore.ABSENT);
    return secret;
  }

  /** Who has this API token. */
  Optional<Identity> authenticate(String secret) {
    if (!secret.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String key = Secrets.hash(secret);
    return state
        .get(Kind.TOKEN, key)
        .map(entry -> StateJson.read(entry.value()))
        .filter(json -> !isLoginLink(json) && !hasExpired(json))
        .flatMap(json -> identity(key, json));
  }

  private static Optional<Identity> identity(String key, StateJson json) {
    String name = json.text("name");
    return Role.of(json.text("role"))
        .map(
            role -> {
              String id = role == Role.COMPONENT ? name : "token:" + key.substring(0, 12);
              return new Identity(Identity.Kind.TOKEN, id, name, Set.of(role), json.scope());
            });
  }

  /** The user whose link this is; using it up, so that only one caller ever gets an answer. */
  Optional<String> redeemLoginLink(String secret) {
    Optional<Entry> entry = state.get(Kind.TOKEN, Secrets.hash(secret));
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    StateJson json = StateJson.read(entry.get().value());
    if (!isLoginLink(json) || hasExpired(json)) {
      return Optional.empty();
    }
    boolean first = state.remove(Kind.TOKEN, entry.get().key(), entry.get().version());
    return first ? Optional.of(json.text("user")) : Optional.empty();
  }

  private static boolean isLoginLink(StateJson json) {
    return json.text(PURPOSE).equals(LOGIN);
  }

  private boolean hasExpired(StateJson json) {
    return json.optional("expires")
        .map(Instant::parse)
        .filter(end -> !clock.instant().isBefore(end))
        .isPresent();
  }
}
