package dev.bitacora.viewer.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.query.Query;
import dev.bitacora.store.state.FileStateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
  private static final String PASSWORD = "a long enough one";
  private static final String HERE = "127.0.0.1";

  @TempDir Path directory;
  private final SetClock clock = new SetClock();
  private Access access;

  @BeforeEach
  void start() {
    FileStateStore state = new FileStateStore(directory);
    state.start();
    access = new Access(state, clock, Access.SESSION_IDLE);
  }

  @Test
  void theFirstStart_handsOverALinkAndTwoTokensOnce() {
    FirstStart first = access.firstStart().orElseThrow();
    assertThat(first.user()).isEqualTo("admin");
    Identity auditor = access.bearer("Bearer " + first.auditorToken().orElseThrow()).orElseThrow();
    assertThat(auditor.may(Role.READER)).isTrue();
    assertThat(access.sender(first.componentToken().map(token -> "Bearer " + token)))
        .isEqualTo(new SenderVerdict.Component(Access.FIRST_COMPONENT));

    FirstStart second = access.firstStart().orElseThrow();
    assertThat(second.auditorToken()).isEmpty();
    assertThat(access.loginOnce(first.loginToken().orElseThrow(), HERE))
        .as("a new link replaces the old one")
        .isInstanceOf(Login.Refused.class);
    assertThat(access.loginOnce(second.loginToken().orElseThrow(), HERE))
        .isInstanceOf(Login.Granted.class);
    assertThat(access.loginOnce(second.loginToken().orElseThrow(), HERE))
        .as("a link works once")
        .isInstanceOf(Login.Refused.class);
  }

  @Test
  void aStart_afterThePasswordWasSet_handsOverNothing() {
    access.firstStart();
    access.setPassword("admin", PASSWORD);
    assertThat(access.firstStart()).isEmpty();
  }

  @Test
  void aLink_endsAfterADay() {
    String link = access.firstStart().orElseThrow().loginToken().orElseThrow();
    clock.advance(Duration.ofHours(25));
    assertThat(access.loginOnce(link, HERE)).isInstanceOf(Login.Refused.class);
  }

  @Test
  void noSecret_isStoredInAFormThatCouldBeUsed() {
    FirstStart first = access.firstStart().orElseThrow();
    access.setPassword("admin", PASSWORD);
    String cookie = ((Login.Granted) access.login("admin", PASSWORD, HERE)).cookie();
    assertThat(everythingStored())
        .contains("$argon2id$")
        .doesNotContain(PASSWORD)
        .doesNotContain(cookie)
        .doesNotContain(first.loginToken().orElseThrow())
        .doesNotContain(first.auditorToken().orElseThrow());
  }

  @Test
  void aPassword_letsInOnlyItsUser() {
    access.firstStart();
    access.setPassword("admin", PASSWORD);
    assertThat(access.login("admin", PASSWORD, HERE)).isInstanceOf(Login.Granted.class);
    assertThat(access.login("admin", PASSWORD + "x", HERE)).isInstanceOf(Login.Refused.class);
    assertThat(access.login("nobody", PASSWORD, HERE)).isInstanceOf(Login.Refused.class);
    assertThat(access.login("../admin", PASSWORD, HERE)).isInstanceOf(Login.Refused.class);
  }

  @Test
  void guessing_isSlowedDownEvenForTheRightPassword() {
    access.firstStart();
    access.setPassword("admin", PASSWORD);
    for (int i = 0; i < 5; i++) {
      assertThat(access.login("admin", "wrong", HERE)).isInstanceOf(Login.Refused.class);
    }
    assertThat(access.login("admin", PASSWORD, HERE)).isInstanceOf(Login.Locked.class);
    clock.advance(Duration.ofSeconds(2));
    assertThat(access.login("admin", PASSWORD, HERE)).isInstanceOf(Login.Granted.class);
  }

  @Test
  void aSession_livesByBeingUsedAndEndsByIdlenessOrAfterTwelveHours() {
    access.firstStart();
    String cookie = ((Login.Granted) access.setPassword("admin", PASSWORD)).cookie();
    for (int i = 0; i < 28; i++) {
      assertThat(access.session(cookie)).isPresent();
      clock.advance(Duration.ofMinutes(25));
    }
    clock.advance(Duration.ofMinutes(25));
    assertThat(access.session(cookie)).as("twelve hours").isEmpty();

    String idle = ((Login.Granted) access.login("admin", PASSWORD, HERE)).cookie();
    clock.advance(Duration.ofMinutes(31));
    assertThat(access.session(idle)).as("idle").isEmpty();
  }

  @Test
  void aNewPassword_endsAllOtherSessions() {
    access.firstStart();
    String before = ((Login.Granted) access.setPassword("admin", PASSWORD)).cookie();
    String after = ((Login.Granted) access.setPassword("admin", PASSWORD + "2")).cookie();
    assertThat(access.session(before)).isEmpty();
    assertThat(access.session(after)).isPresent();
    access.logout(after);
    assertThat(access.session(after)).isEmpty();
  }

  @Test
  void weakPasswords_areRefusedWithAReason() {
    assertThat(Access.passwordProblem("short", "ann")).isPresent();
    assertThat(Access.passwordProblem("aaaaaaaaaaaaaaaa", "ann")).isPresent();
    assertThat(Access.passwordProblem("x".repeat(300), "ann")).isPresent();
    assertThat(Access.passwordProblem(PASSWORD, "ann")).isEmpty();
  }

  @Test
  void aToken_isWorthWhatItsRoleAllowsUntilItExpires() throws Exception {
    NewToken reader =
        new NewToken(
            Role.READER,
            "report",
            Query.parse("env:prd"),
            Optional.of(clock.instant().plusSeconds(60)));
    String header = "bearer " + access.createToken(reader);
    assertThat(access.bearer(header).orElseThrow().scope()).isEqualTo(Query.parse("env:prd"));
    assertThat(access.sender(Optional.of(header))).isInstanceOf(SenderVerdict.Forbidden.class);
    clock.advance(Duration.ofSeconds(60));
    assertThat(access.bearer(header)).isEmpty();
    assertThat(access.sender(Optional.of(header)))
        .isInstanceOf(SenderVerdict.Unauthenticated.class);
    assertThat(access.sender(Optional.empty())).isInstanceOf(SenderVerdict.Unauthenticated.class);
    assertThat(access.bearer("Basic YWRtaW46eA==")).isEmpty();
  }

  @Test
  void aUser_isAddedOnceAndSignsInByALink() {
    String link = access.addUser("eva", Set.of(Role.READER), Query.ALL).orElseThrow();
    assertThat(access.addUser("eva", Set.of(Role.ADMIN), Query.ALL)).isEmpty();
    Login.Granted granted = (Login.Granted) access.loginOnce(link, HERE);
    assertThat(granted.identity().roles()).containsExactly(Role.READER);
  }

  private String everythingStored() {
    try (Stream<Path> files = Files.walk(directory)) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(file.getFileName())
            .append(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      }
      return all.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A clock that goes when it is told to. */
  private static final class SetClock extends Clock {
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");

    void advance(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
