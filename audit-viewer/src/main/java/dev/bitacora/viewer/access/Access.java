package dev.bitacora.viewer.access;

import dev.bitacora.core.query.Query;
import dev.bitacora.store.state.StateStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Proves who is asking. Safe for any thread; several processes may share one state. Methods throw
 * {@code StoreException} when the state cannot be reached: nobody is let in then.
 */
public final class Access {
  /** The name of the user whom the first start makes. */
  public static final String FIRST_USER = "admin";

  /** The component in whose name the first start's component token sends. */
  public static final String FIRST_COMPONENT = "default";

  /** After this long without a request a session ends, unless said otherwise. */
  public static final Duration SESSION_IDLE = Duration.ofMinutes(30);

  private static final String BEARER = "Bearer ";

  private final Clock clock;
  private final Users users;
  private final Tokens tokens;
  private final Sessions sessions;
  private final Passwords passwords = new Passwords();
  private final LoginLimiter byName;
  private final LoginLimiter byAddress;

  public Access(StateStore state, Clock clock, Duration sessionIdle) {
    this.clock = clock;
    users = new Users(state);
    tokens = new Tokens(state, clock);
    sessions = new Sessions(state, clock, sessionIdle);
    byName = new LoginLimiter(clock, 5);
    byAddress = new LoginLimiter(clock, 20);
  }

  /** An access with the usual clock and idle time. */
  public static Access of(StateStore state) {
    return new Access(state, Clock.systemUTC(), SESSION_IDLE);
  }

  /**
   * Makes the first user and its tokens when there is no user yet, and a new one-time link as long
   * as the first user has no password. To be called at each start; empty when nothing is to hand
   * over.
   */
  public Optional<FirstStart> firstStart() {
    boolean isNew =
        users.isEmpty()
            && users.add(
                new User(
                    FIRST_USER,
                    Set.of(Role.ADMIN, Role.AUDITOR),
                    Query.ALL,
                    Optional.empty(),
                    clock.instant()));
    boolean needsLink =
        users.find(FIRST_USER).filter(user -> user.passwordHash().isEmpty()).isPresent();
    if (!needsLink) {
      return Optional.empty();
    }
    return Optional.of(
        new FirstStart(
            FIRST_USER,
            Optional.of(tokens.createLoginLink(FIRST_USER)),
            isNew
                ? Optional.of(tokens.create(NewToken.of(Role.AUDITOR, "first start")))
                : Optional.empty(),
            isNew
                ? Optional.of(tokens.create(NewToken.component(FIRST_COMPONENT)))
                : Optional.empty()));
  }

  /** Makes a token and returns its secret, which nobody can ask for again. */
  public String createToken(NewToken token) {
    return tokens.create(token);
  }

  /**
   * Adds a user, who signs in first with the one-time link whose secret is returned; empty when the
   * name is taken.
   */
  public Optional<String> addUser(String name, Set<Role> roles, Query scope) {
    boolean added = users.add(new User(name, roles, scope, Optional.empty(), clock.instant()));
    return added ? Optional.of(tokens.createLoginLink(name)) : Optional.empty();
  }

  /** Who sends this {@code Authorization} header; empty when nobody known does. */
  public Optional<Identity> bearer(String authorization) {
    return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? tokens.authenticate(authorization.substring(BEARER.length()).trim())
        : Optional.empty();
  }

  /** What an {@code Authorization} header, or its absence, is worth at the intake. */
  public SenderVerdict sender(Optional<String> authorization) {
    Optional<Identity> identity = authorization.flatMap(this::bearer);
    if (identity.isEmpty()) {
      return new SenderVerdict.Unauthenticated();
    }
    return identity.get().may(Role.COMPONENT)
        ? new SenderVerdict.Component(identity.get().id())
        : new SenderVerdict.Forbidden();
  }

  /** Logs in by password. */
  public Login login(String name, String password, String address) {
    Duration wait = longer(byName.mustWait(name), byAddress.mustWait(address));
    if (!wait.isZero()) {
      return new Login.Locked(wait);
    }
    Optional<User> user = users.find(name);
    if (!passwords.matches(password, user.flatMap(User::passwordHash))) {
      byName.failed(name);
      byAddress.failed(address);
      return new Login.Refused();
    }
    byName.succeeded(name);
    byAddress.succeeded(address);
    return open(user.orElseThrow());
  }

  /** Logs in by a one-time link, which is used up. */
  public Login loginOnce(String token, String address) {
    Duration wait = byAddress.mustWait(address);
    if (!wait.isZero()) {
      return new Login.Locked(wait);
    }
    Optional<User> user = tokens.redeemLoginLink(token).flatMap(users::find);
    if (user.isEmpty()) {
      byAddress.failed(address);
      return new Login.Refused();
    }
    return open(user.get());
  }

  private Login open(User user) {
    return new Login.Granted(user.identity(), sessions.open(user.name()));
  }

  /** The session of a cookie, which stays alive by being used. */
  public Optional<Session> session(String cookie) {
    return sessions.find(cookie, users);
  }

  public void logout(String cookie) {
    sessions.close(cookie);
  }

  /** A random value that ties a form to the browser that was given it. */
  public static String newFormToken() {
    return Secrets.random();
  }

  /** Why a password cannot be this user's, for them to read. */
  public static Optional<String> passwordProblem(String password, String user) {
    return Passwords.problem(password, user);
  }

  /** Whether the user has chosen a password already. */
  public boolean hasPassword(String user) {
    return users.find(user).flatMap(User::passwordHash).isPresent();
  }

  /** Whether this is the user's password; guessing is slowed down as it is at the log-in. */
  public boolean isPassword(String user, String password) {
    if (!byName.mustWait(user).isZero()) {
      return false;
    }
    boolean matches = passwords.matches(password, users.find(user).flatMap(User::passwordHash));
    if (!matches) {
      byName.failed(user);
    }
    return matches;
  }

  /**
   * Sets a password that {@link #passwordProblem} has nothing against, and ends all sessions of the
   * user.
   *
   * @return a new session
   */
  public Login setPassword(String user, String password) {
    passwordProblem(password, user)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    if (!users.setPassword(user, passwords.hash(password))) {
      return new Login.Refused();
    }
    sessions.closeAll(user);
    return open(users.find(user).orElseThrow());
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
