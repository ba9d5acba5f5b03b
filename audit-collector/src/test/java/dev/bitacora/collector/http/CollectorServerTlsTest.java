package dev.bitacora.collector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.collector.health.Condition;
import dev.bitacora.collector.health.Health;
import dev.bitacora.collector.http.ServerSettings.KeyPairFiles;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CollectorServerTlsTest {
  private static final char[] PASSWORD = "for-a-test".toCharArray();

  @TempDir Path folder;

  private KeyStore made;
  private KeyPairFiles files;

  @BeforeEach
  void makeAKeyPair() throws Exception {
    Path store = folder.resolve("made.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    made = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      made.load(in, PASSWORD);
    }
    files =
        new KeyPairFiles(
            pem("server.crt", "CERTIFICATE", made.getCertificate("server").getEncoded()),
            pem("server.key", "PRIVATE KEY", made.getKey("server", PASSWORD).getEncoded()));
  }

  @Test
  void server_withAKeyPair_speaksTls() throws Exception {
    try (CollectorServer server = server(files)) {
      server.start();
      HttpResponse<String> answer =
          client()
              .send(
                  HttpRequest.newBuilder(
                          URI.create("https://127.0.0.1:" + server.port() + "/health/live"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void server_withAFileThatIsNoKey_saysWhatToDo() throws Exception {
    KeyPairFiles wrong = new KeyPairFiles(files.certificate(), files.certificate());
    try (CollectorServer server = server(wrong)) {
      assertThatThrownBy(server::start)
          .hasMessageContaining("holds no private key in PKCS #8; convert it with: openssl pkcs8");
    }
  }

  private static CollectorServer server(KeyPairFiles tls) {
    Health health = new Health();
    health.live("test", () -> Condition.up("runs"));
    return new CollectorServer(
        new ServerSettings("127.0.0.1", 0, Optional.of(tls)),
        new IntakeHandler(null, authorization -> null),
        new OperationsRoutes(health, () -> ""));
  }

  private HttpClient client() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", made.getCertificate("server"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private Path pem(String name, String type, byte[] der) throws Exception {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
  }
}
