package dev.bitacora.cli.kibana;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KibanaSetupTest {
  private static final KibanaLogin LOGIN = KibanaLogin.user("setup", "pässword");

  @ParameterizedTest
  @ValueSource(strings = {"8.17.0", "8.19.21", "9.1.0-SNAPSHOT"})
  void install_importsEveryObjectAndSaysSo(String version) throws Exception {
    try (ImportEndpoint kibana = ImportEndpoint.start().available(version)) {
      List<String> report = install(kibana.url());
      assertThat(kibana.imported())
          .extracting(object -> object.get("id"))
          .containsExactlyElementsOf(KibanaObjects.IDS);
      assertThat(report)
          .containsExactly(
              "objects audit-tag, audit-events, audit-logs, audit-latest-events, audit-failures,"
                  + " audit-log-errors, audit-overview: imported into "
                  + version,
              "dashboard: " + kibana.url() + "/app/dashboards#/view/audit-overview");
    }
  }

  @Test
  void install_twice_overwrites() throws Exception {
    try (ImportEndpoint kibana = ImportEndpoint.start().available("8.19.0")) {
      assertThat(install(kibana.url())).isEqualTo(install(kibana.url()));
      assertThat(kibana.imported()).hasSize(2 * KibanaObjects.IDS.size());
    }
  }

  @Test
  void install_underABasePath_keepsIt() throws Exception {
    try (ImportEndpoint kibana = ImportEndpoint.startUnder("/tools/kibana").available("8.17.3")) {
      assertThat(install(URI.create(kibana.url() + "/")))
          .last()
          .isEqualTo("dashboard: " + kibana.url() + "/app/dashboards#/view/audit-overview");
    }
  }

  @Test
  void install_sendsUserOrApiKeyOrNothing() throws Exception {
    try (ImportEndpoint kibana = ImportEndpoint.start().available("8.19.0")) {
      install(kibana.url(), LOGIN);
      install(kibana.url(), KibanaLogin.apiKey("a2V5"));
      install(kibana.url(), KibanaLogin.none());
      assertThat(kibana.authorizations())
          .containsExactly(
              "Basic " + Base64.getEncoder().encodeToString("setup:pässword".getBytes(UTF_8)),
              "ApiKey a2V5",
              "null");
    }
    assertThat(LOGIN).hasToString("********");
  }

  @Test
  void install_whileKibanaStarts_waits() throws Exception {
    try (ImportEndpoint kibana =
        ImportEndpoint.start()
            .showing(503, "Kibana server is not ready yet")
            .showing(200, ImportEndpoint.statusBody("degraded", "8.19.0"))
            .available("8.19.0")) {
      assertThat(install(kibana.url())).hasSize(2);
      assertThat(kibana.authorizations()).hasSize(3);
    }
  }

  @Test
  void install_whenKibanaStaysUnavailable_givesUp() throws Exception {
    try (ImportEndpoint kibana =
        ImportEndpoint.start().showing(200, ImportEndpoint.statusBody("critical", "8.19.0"))) {
      assertThatThrownBy(() -> install(kibana.url(), LOGIN, Duration.ZERO))
          .isInstanceOf(KibanaException.class)
          .hasMessage(
              "Kibana at %s is \"critical\" and not available after 0 s; see its log, then repeat",
              kibana.url());
      assertThat(kibana.imported()).isEmpty();
    }
  }

  @Test
  void install_whereNobodyListens_saysSoAtOnce() throws Exception {
    URI url = URI.create("http://127.0.0.1:" + closedPort());
    assertThatThrownBy(() -> install(url))
        .isInstanceOf(KibanaException.class)
        .hasMessage(
            "Kibana at %s cannot be reached (nobody answers there); start it, or correct the"
                + " address",
            url);
  }

  @Test
  void install_withAWrongPassword_saysWhatToCorrect() throws Exception {
    try (ImportEndpoint kibana = ImportEndpoint.start().showing(401, "{}")) {
      assertThatThrownBy(() -> install(kibana.url()))
          .hasMessage(
              "Kibana at %s answers 401 to /api/status: wrong user, password or API key; correct"
                  + " them",
              kibana.url());
    }
  }

  @Test
  void install_withoutTheRight_namesTheRole() throws Exception {
    try (ImportEndpoint kibana =
        ImportEndpoint.start().available("8.19.0").refusingImport(403, "{}")) {
      assertThatThrownBy(() -> install(kibana.url()))
          .hasMessageContaining("answers 403")
          .hasMessageContaining("role kibana_admin");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"7.17.29", "8.16.6", "10.0.0", "unknown"})
  void install_intoAVersionThatCannotTakeThem_importsNothing(String version) throws Exception {
    try (ImportEndpoint kibana = ImportEndpoint.start().available(version)) {
      assertThatThrownBy(() -> install(kibana.url()))
          .hasMessage(
              "Kibana at %s is version %s; our objects need 8.17 or a newer 8.x, or 9.x; nothing"
                  + " was imported",
              kibana.url(), version);
      assertThat(kibana.imported()).isEmpty();
    }
  }

  @Test
  void install_whenObjectsAreRefused_namesEachWithItsReason() throws Exception {
    String answer =
        """
        {"success": false, "successCount": 5, "errors": [
          {"type": "dashboard", "id": "audit-overview", "error": {"type": "missing_references",
            "references": [{"type": "index-pattern", "id": "audit-events"}]}},
          {"type": "tag", "id": "audit-tag", "error": {"type": "unknown", "message": "disk full",
            "statusCode": 500}}]}
        """;
    try (ImportEndpoint kibana =
        ImportEndpoint.start().available("8.19.0").refusingImport(200, answer)) {
      assertThatThrownBy(() -> install(kibana.url()))
          .hasMessage(
              "Kibana at %s imported 5 of 7 objects: dashboard audit-overview (missing_references,"
                  + " index-pattern audit-events); tag audit-tag (unknown, disk full); setup can be"
                  + " repeated",
              kibana.url());
    }
  }

  @Test
  void install_whenFewerWereImportedThanSent_fails() throws Exception {
    try (ImportEndpoint kibana =
        ImportEndpoint.start()
            .available("8.19.0")
            .refusingImport(200, "{\"success\": true, \"successCount\": 6}")) {
      assertThatThrownBy(() -> install(kibana.url())).hasMessageContaining("imported 6 of 7");
    }
  }

  @Test
  void install_whenKibanaFails_showsItsWordsOnOneLine() throws Exception {
    try (ImportEndpoint kibana =
        ImportEndpoint.start()
            .available("8.19.0")
            .refusingImport(500, "An internal\r\n\u001b[31merror" + "!".repeat(1000))) {
      assertThatThrownBy(() -> install(kibana.url()))
          .hasMessageContaining("answers 500")
          .hasMessageContaining("An internal [31merror!!!")
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500).endsWith("…"));
    }
  }

  @Test
  void install_whereSomethingElseAnswers_saysThatItIsNoKibana() throws Exception {
    try (ImportEndpoint other = ImportEndpoint.start().showing(200, "<html>hello</html>")) {
      assertThatThrownBy(() -> install(other.url()))
          .hasMessageStartingWith("what answers at " + other.url() + " is no Kibana");
    }
    try (ImportEndpoint other = ImportEndpoint.startUnder("/kibana")) {
      URI root = other.url().resolve("/");
      assertThatThrownBy(() -> install(root)).hasMessageContaining("add its base path");
    }
  }

  @Test
  void install_withAFileThatIsNoCertificate_namesTheFile(@TempDir Path folder) throws Exception {
    Path ca = Files.writeString(folder.resolve("ca.pem"), "not a certificate");
    KibanaSetup setup = new KibanaSetup(URI.create("https://127.0.0.1:1"), LOGIN, Optional.of(ca));
    assertThatThrownBy(setup::install)
        .isInstanceOf(KibanaException.class)
        .hasMessageContaining(ca.toString());
  }

  private static List<String> install(URI url) throws KibanaException {
    return install(url, LOGIN);
  }

  private static List<String> install(URI url, KibanaLogin login) throws KibanaException {
    return install(url, login, Duration.ofSeconds(30));
  }

  private static List<String> install(URI url, KibanaLogin login, Duration patience)
      throws KibanaException {
    return new KibanaSetup(url, login, Optional.empty(), patience, Duration.ofMillis(5)).install();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
