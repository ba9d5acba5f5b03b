package dev.bitacora.viewer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.core.tls.TrustedCertificates;
import dev.bitacora.viewer.access.Access;
import dev.bitacora.viewer.testing.Client;
import dev.bitacora.viewer.testing.Client.Answer;
import dev.bitacora.viewer.testing.ViewerFixture;
import dev.bitacora.viewer.web.ViewerConfig.TlsFiles;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as it is configured. */
class ViewerServerTest {
  @TempDir Path directory;

  @Test
  void everyAnswer_carriesTheSecurityHeaders() {
    try (ViewerFixture viewer = new ViewerFixture(directory)) {
      Client auditor = viewer.auditor();
      for (String path :
          List.of("/", "/events", "/nowhere", "/login", "/api/v1/events?x=1", "/health/live")) {
        Answer answer = auditor.get(path);
        assertThat(answer.header("Content-Security-Policy"))
            .as(path)
            .startsWith(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(answer.header("Cache-Control")).as(path).isEqualTo("no-store");
        assertThat(answer.header("Server")).isEmpty();
      }
    }
  }

  @Test
  void assets_mayBeKeptByTheirVersion() {
    try (ViewerFixture viewer = new ViewerFixture(directory)) {
      String login = viewer.client().get("/login").body();
      var style = Pattern.compile("/assets/\\w+/bitacora\\.css").matcher(login);
      assertThat(style.find()).isTrue();
      Answer asset = viewer.client().get(style.group());
      assertThat(asset.header("Cache-Control")).contains("immutable");
      assertThat(asset.header("Content-Type")).startsWith("text/css");
      assertThat(asset.body()).doesNotContain("http").doesNotContain("@import");
      assertThat(viewer.client().get("/assets/old/bitacora.css").header("Cache-Control"))
          .isEqualTo("no-store");
      assertThat(viewer.client().get("/assets/x/..%2f..%2fopenapi.yaml").status())
          .isGreaterThanOrEqualTo(400);
    }
  }

  @Test
  void aPortInUse_isOneClearSentence() {
    try (ViewerFixture viewer = new ViewerFixture(directory)) {
      int port = viewer.server().port();
      ViewerServer second =
          new ViewerServer(
              ViewerConfig.at("127.0.0.1", port), viewer.store(), viewer.access(), viewer.log());
      assertThatThrownBy(second::start)
          .isInstanceOf(StartException.class)
          .hasMessageContaining("127.0.0.1:" + port)
          .hasMessageContaining("in use")
          .hasMessageContaining("--listen");
      second.close();
    }
  }

  @Test
  void belowABasePath_everyLinkAndCookieStaysThere() {
    ViewerConfig config = new ViewerConfig("127.0.0.1", 0, "/logs/", Optional.empty(), List.of());
    try (ViewerFixture viewer = new ViewerFixture(directory, config)) {
      assertThat(viewer.server().url()).endsWith("/logs");
      Client browser = viewer.client();
      Answer link = browser.get(viewer.loginLink());
      assertThat(link.header("Set-Cookie")).contains("Path=/logs");
      assertThat(link.header("Location")).isEqualTo("/logs/password");
      assertThat(browser.get("/events").body())
          .doesNotContain("href=\"/events")
          .contains("href=\"/logs/assets/");
      assertThat(viewer.auditor().get("/api/v1/events?x=1").header("Content-Type"))
          .startsWith("application/problem+json");
      assertThat(viewer.client().get("/events").header("Location"))
          .isEqualTo("/logs/login?next=%2Fevents");
    }
  }

  @Test
  void withTls_pagesAreServedSecurelyAndCookiesStaySecure() throws Exception {
    TlsFiles files = keyPair();
    ViewerConfig config = new ViewerConfig("127.0.0.1", 0, "", Optional.of(files), List.of());
    try (ViewerFixture viewer = new ViewerFixture(directory, config)) {
      HttpClient http =
          HttpClient.newBuilder()
              .sslContext(TrustedCertificates.contextFor(files.certificate()))
              .build();
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(viewer.loginLink())).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(303);
      assertThat(response.headers().firstValue("Set-Cookie").orElseThrow()).contains("Secure");
      assertThat(response.headers().firstValue("Strict-Transport-Security")).isPresent();
    }
  }

  @Test
  void tlsFiles_thatAreNone_areNamedWithWhatToDo() throws Exception {
    TlsFiles good = keyPair();
    Path empty = Files.writeString(directory.resolve("empty.pem"), "nothing here");
    for (TlsFiles files :
        List.of(
            new TlsFiles(good.certificate(), empty),
            new TlsFiles(empty, good.key()),
            new TlsFiles(good.certificate(), directory.resolve("missing.pem")))) {
      ViewerConfig config = new ViewerConfig("127.0.0.1", 0, "", Optional.of(files), List.of());
      assertThatThrownBy(() -> new ViewerFixture(directory.resolve("x" + files.hashCode()), config))
          .hasMessageMatching("(?s)viewer: .*(empty|missing)\\.pem.*");
    }
  }

  @Test
  void aTrustedProxy_isBelievedAboutTheClientAndNobodyElseIs() {
    ViewerConfig config =
        new ViewerConfig(
            "127.0.0.1",
            0,
            "",
            Optional.empty(),
            List.of(Network.parse("127.0.0.0/8"), Network.parse("10.0.0.0/8")));
    try (ViewerFixture viewer = new ViewerFixture(directory, config)) {
      viewer
          .auditor()
          .with("X-Forwarded-For", "1.1.1.1, 203.0.113.9, 10.1.2.3")
          .get("/api/v1/events");
      assertThat(viewer.log().records().get(0).origin().address()).isEqualTo("203.0.113.9");
      assertThat(viewer.log().records().get(0).origin().peer()).isEqualTo("127.0.0.1");
      Answer link = viewer.client().with("X-Forwarded-Proto", "https").get(viewer.loginLink());
      assertThat(link.header("Set-Cookie")).contains("Secure");
    }
    try (ViewerFixture viewer = new ViewerFixture(directory.resolve("untrusting"))) {
      viewer.auditor().with("X-Forwarded-For", "203.0.113.9").get("/api/v1/events");
      assertThat(viewer.log().records().get(0).origin().address()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void theDescription_namesExactlyTheRoutesOfTheApi() {
    try (ViewerFixture viewer = new ViewerFixture(directory)) {
      String yaml = viewer.client().get("/api/v1/openapi.yaml").body();
      TreeSet<String> described = new TreeSet<>();
      String path = "";
      for (String line : yaml.lines().toList()) {
        if (line.matches("  /api/\\S+:")) {
          path = line.trim().replace(":", "");
        } else if (line.matches("    (get|post|put|delete|patch):")) {
          described.add(
              line.trim().replace(":", "").toUpperCase(java.util.Locale.ROOT) + " " + path);
        }
      }
      TreeSet<String> registered = new TreeSet<>();
      for (RouteTable.Route route : viewer.server().routes()) {
        if (route.path().startsWith("/api/")) {
          registered.add(route.method() + " " + route.path());
        }
      }
      assertThat(described).isEqualTo(registered);
    }
  }

  @Test
  void configuration_hasItsDefaultsAndRefusesNonsense() {
    ViewerConfig config = ViewerConfig.at(ViewerConfig.DEFAULT_HOST, ViewerConfig.DEFAULT_PORT);
    assertThat(config.host()).isEqualTo("127.0.0.1");
    assertThat(config.port()).isEqualTo(7070);
    assertThat(config.basePath()).isEmpty();
    assertThat(Access.SESSION_IDLE).hasMinutes(30);
    assertThatThrownBy(() -> ViewerConfig.at("127.0.0.1", 70_000)).hasMessageContaining("65535");
    assertThatThrownBy(() -> new ViewerConfig("h", 1, "no slash", Optional.empty(), List.of()))
        .hasMessageContaining("base path");
    assertThatThrownBy(() -> Network.parse("10.0.0.0/40")).hasMessageContaining("10.0.0.0/8");
    assertThat(Network.parse("2001:db8::/32").contains("2001:db8::1")).isTrue();
    assertThat(Network.parse("10.1.0.0/15").contains("10.2.0.1")).isFalse();
  }

  /** A key pair from the JDK's keytool, in PEM files. */
  private TlsFiles keyPair() throws Exception {
    Path store = directory.resolve("key.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "web",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                "testing",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "testing".toCharArray());
    return new TlsFiles(
        pem("web.crt", "CERTIFICATE", keys.getCertificate("web").getEncoded()),
        pem("web.key", "PRIVATE KEY", keys.getKey("web", "testing".toCharArray()).getEncoded()));
  }

  private Path pem(String file, String kind, byte[] der) throws Exception {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return Files.writeString(
        directory.resolve(file),
        "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }
}
