package dev.bitacora.viewer.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.viewer.testing.Client;
import dev.bitacora.viewer.testing.Client.Answer;
import dev.bitacora.viewer.testing.ViewerFixture;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in and out over HTTP, and what a page from elsewhere cannot do. */
class SignInTest {
  private static final String PASSWORD = "correct horse battery";

  @TempDir Path directory;
  private ViewerFixture viewer;
  private Client browser;

  @BeforeEach
  void start() {
    viewer = new ViewerFixture(directory);
    browser = viewer.client();
  }

  @AfterEach
  void stop() {
    viewer.close();
  }

  @Test
  void theOneTimeLink_leadsToAPasswordThatWorksFromThenOn() {
    Answer link = browser.get(viewer.loginLink());
    assertThat(link.status()).isEqualTo(303);
    assertThat(link.header("Location")).isEqualTo("/password");
    assertThat(link.header("Set-Cookie")).contains("HttpOnly").contains("SameSite=Lax");
    assertThat(browser.post("/password", passwords(browser, PASSWORD, PASSWORD)).status())
        .isEqualTo(303);
    assertThat(browser.get("/events").status()).isEqualTo(200);

    assertThat(browser.post("/logout", csrf(browser, "/events")).status()).isEqualTo(303);
    assertThat(browser.get("/events").status()).isEqualTo(303);

    Client again = viewer.client();
    assertThat(again.post("/login", login(again, "admin", PASSWORD)).header("Location"))
        .isEqualTo("/events");
    assertThat(again.get("/events").status()).isEqualTo(200);
    assertThat(viewer.log().actions())
        .containsExactly(
            "authn_login_success",
            "authn_password_change",
            "audit.search",
            "audit.search",
            "authn_logout",
            "authn_login_success",
            "audit.search");
  }

  @Test
  void theOneTimeLink_worksOnce() {
    viewer.client().get(viewer.loginLink());
    Answer second = browser.get(viewer.loginLink());
    assertThat(second.status()).isEqualTo(403);
    assertThat(second.body()).contains("was used already");
    assertThat(browser.get("/events").status()).isEqualTo(303);
  }

  @Test
  void passwords_thatDifferOrAreWeak_areRefusedWithAReason() {
    browser.get(viewer.loginLink());
    Answer differ = browser.post("/password", passwords(browser, PASSWORD, "another one!"));
    assertThat(differ.status()).isEqualTo(400);
    assertThat(differ.body()).contains("differ");
    assertThat(browser.post("/password", passwords(browser, "short", "short")).body())
        .contains("at least 12 characters");
  }

  @Test
  void aWrongPassword_isRefusedRecordedAndSlowedDown() {
    browser.get(viewer.loginLink());
    browser.post("/password", passwords(browser, PASSWORD, PASSWORD));
    viewer.log().clear();
    Client guesser = viewer.client();
    for (int i = 0; i < 5; i++) {
      Answer answer = guesser.post("/login", login(guesser, "admin", "guess " + i));
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains("Name or password is wrong");
    }
    Answer locked = guesser.post("/login", login(guesser, "admin", PASSWORD));
    assertThat(locked.status()).isEqualTo(429);
    assertThat(locked.header("Retry-After")).isNotEmpty();
    assertThat(viewer.log().actions())
        .hasSize(6)
        .startsWith("authn_login_fail")
        .endsWith("authn_login_lock");
  }

  @Test
  void whoIsNotSignedIn_comesBackToWhereTheyWanted() {
    Answer answer = browser.get("/events?q=actor%3Aann");
    assertThat(answer.header("Location")).isEqualTo("/login?next=%2Fevents%3Fq%3Dactor%253Aann");
    browser.get(viewer.loginLink());
    Answer signedIn = browser.get("/login?next=%2Fevents%3Fq%3Dactor%253Aann");
    assertThat(signedIn.header("Location")).isEqualTo("/events?q=actor%3Aann");
  }

  @Test
  void afterSigningIn_nobodyIsSentToAnotherHost() {
    browser.get(viewer.loginLink());
    for (String next :
        new String[] {
          "//evil.example/events", "https://evil.example", "/\\evil.example", "/eventsx", "events"
        }) {
      assertThat(browser.get("/login?next=" + Client.encode(next)).header("Location"))
          .isEqualTo("/events");
    }
  }

  @Test
  void aChange_withoutTheTokenOrFromElsewhere_isRefused() {
    browser.get(viewer.loginLink());
    assertThat(browser.post("/logout", Map.of()).status()).isEqualTo(403);
    assertThat(browser.post("/logout", Map.of("csrf", "x")).status()).isEqualTo(403);
    Map<String, String> good = csrf(browser, "/events");
    for (Map<String, String> headers :
        List.of(
            Map.of("Origin", "https://evil.example"),
            Map.of("Origin", "null", "Sec-Fetch-Site", "cross-site"),
            Map.of("Sec-Fetch-Site", "same-site"))) {
      Client elsewhere = viewer.client();
      elsewhere.cookies().putAll(browser.cookies());
      headers.forEach(elsewhere::with);
      assertThat(elsewhere.post("/logout", good).status()).as(headers.toString()).isEqualTo(403);
    }
    assertThat(browser.get("/events").status()).as("still signed in").isEqualTo(200);
    Client form = viewer.client();
    form.cookies().putAll(browser.cookies());
    form.with("Origin", "null").with("Sec-Fetch-Site", "same-origin");
    assertThat(form.post("/logout", good).status()).as("a browser's own form").isEqualTo(303);
  }

  @Test
  void theLoginForm_needsItsOwnToken() {
    assertThat(browser.post("/login", Map.of("name", "admin", "password", PASSWORD)).status())
        .isEqualTo(403);
    assertThat(browser.post("/login", "text/plain", "x".repeat(20_000)).status()).isEqualTo(413);
  }

  @Test
  void whoSendsTooMuch_stillReadsWhy() {
    for (int i = 0; i < 20; i++) {
      assertThat(browser.post("/login", "text/plain", "x".repeat(900_000)).status()).isEqualTo(413);
      assertThat(browser.post("/api/v1/intake", "text/plain", "x".repeat(900_000)).status())
          .isEqualTo(401);
    }
  }

  private static Map<String, String> login(Client client, String name, String password) {
    Map<String, String> form = csrf(client, "/login");
    form.put("name", name);
    form.put("password", password);
    return form;
  }

  private static Map<String, String> passwords(Client client, String password, String repeated) {
    Map<String, String> form = csrf(client, "/password");
    form.put("password", password);
    form.put("repeated", repeated);
    return form;
  }

  private static Map<String, String> csrf(Client client, String page) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("csrf", Jsoup.parse(client.get(page).body()).select("input[name=csrf]").val());
    return form;
  }
}
