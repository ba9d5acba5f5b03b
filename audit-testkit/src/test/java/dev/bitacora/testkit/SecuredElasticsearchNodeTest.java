package dev.bitacora.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SecuredElasticsearchNodeTest {
  private static final ElasticsearchUser READER =
      new ElasticsearchUser("reader", "a password", "reading");

  private static ElasticsearchNode node;

  @BeforeAll
  static void startNode() {
    node =
        ElasticsearchNode.start(
            ElasticsearchOptions.secured(
                    Map.of(
                        "reading",
                        """
                        {
                          "indices": [{"names": ["audit-*"], "privileges": ["read"]}]
                        }
                        """),
                    READER)
                .withTls());
  }

  @AfterAll
  static void closeNode() {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void admin_mayDoEverything() throws Exception {
    assertThat(status("/_cluster/health", node.admin())).isEqualTo(200);
  }

  @Test
  void aUser_mayDoWhatItsRoleSays() throws Exception {
    assertThat(status("/audit-*/_search", READER)).isEqualTo(200);
    assertThat(status("/_cluster/health", READER)).isEqualTo(403);
  }

  @Test
  void aWrongPassword_isRefused() throws Exception {
    ElasticsearchUser wrong = new ElasticsearchUser("reader", "another", "reading");
    assertThat(status("/audit-*/_search", wrong)).isEqualTo(401);
  }

  @Test
  void aUserLockedOut_isRefused_untilItIsLetIn() {
    node.lockOut(READER);
    Awaitility.await()
        .untilAsserted(() -> assertThat(status("/audit-*/_search", READER)).isEqualTo(401));
    node.letIn(READER);
    Awaitility.await()
        .untilAsserted(() -> assertThat(status("/audit-*/_search", READER)).isEqualTo(200));
  }

  @Test
  void aClientThatDoesNotTrustTheCertificate_refusesTheNode() {
    HttpRequest request = HttpRequest.newBuilder(node.url()).build();
    assertThatThrownBy(() -> HttpClient.newHttpClient().send(request, BodyHandlers.ofString()))
        .isInstanceOf(SSLException.class);
  }

  private static int status(String path, ElasticsearchUser user) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(node.url().resolve(path))
            .header("Authorization", user.basicAuthorization())
            .build();
    return HttpClient.newBuilder()
        .sslContext(trusting())
        .build()
        .send(request, BodyHandlers.ofString())
        .statusCode();
  }

  private static SSLContext trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream pem = Files.newInputStream(node.caFile())) {
      trusted.setCertificateEntry(
          "node", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
