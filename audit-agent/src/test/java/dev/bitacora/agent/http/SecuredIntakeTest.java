package dev.bitacora.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.agent.AgentHealth;
import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.SpoolFolder;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An intake behind a certificate that it signed itself, made by the JDK's keytool. */
class SecuredIntakeTest {
  private static final String PASSWORD = "password";

  @TempDir private Path directory;

  private IntakeServer intake;
  private Path certificate;

  @BeforeEach
  void startIntake() throws Exception {
    Path store = directory.resolve("identity.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "intake",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    certificate = directory.resolve("ca.pem");
    Files.writeString(
        certificate,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(keys.getCertificate("intake").getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    KeyManagerFactory identity =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    identity.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(identity.getKeyManagers(), null, null);
    intake = new IntakeServer("t", context);
  }

  @AfterEach
  void stopIntake() {
    intake.close();
  }

  private AuditConfig.Builder config() {
    return AuditConfig.builder()
        .spoolDir(SpoolFolder.fresh())
        .component("api")
        .environment("dev")
        .url(intake.url())
        .token("t")
        .drain(Duration.ZERO)
        .quiet(true);
  }

  @Test
  void withItsCertificateAsAuthority_eventsArrive() throws Exception {
    try (AuditLog audit = AuditLog.open(config().caFile(certificate).build())) {
      audit.event("a.b").success().recordRemotely().get(30, TimeUnit.SECONDS);
    }

    assertThat(intake.records()).isNotEmpty();
  }

  @Test
  void withoutIt_nothingIsSentAndHealthSaysWhy() {
    try (AuditLog audit = AuditLog.open(config().build())) {
      assertThat(audit.event("a.b").success().record().isAccepted()).isTrue();

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> audit.health().state() == AgentHealth.State.DEGRADED);
      assertThat(audit.health().lastError().orElseThrow()).contains("was not reached");
    }
    assertThat(intake.records()).isEmpty();
  }

  @Test
  void withAnAuthorityFileThatIsNone_isHeld() throws Exception {
    Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "no certificate");
    try (AuditLog audit = AuditLog.open(config().caFile(nonsense).build())) {
      assertThat(audit.event("a.b").success().record().isAccepted()).isTrue();

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> audit.health().state() == AgentHealth.State.HELD);
      assertThat(audit.health().lastError().orElseThrow()).contains("nonsense.pem");
    }
  }
}
