package dev.bitacora.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key for 127.0.0.1 and a certificate that it signed itself. */
final class TlsIdentity {
  private static final char[] PASSWORD = "testkit".toCharArray();
  private static final String ALIAS = "http";

  private final KeyStore store;
  private final Path certificateFile;

  private TlsIdentity(KeyStore store, Path certificateFile) {
    this.store = store;
    this.certificateFile = certificateFile;
  }

  /** Makes a new identity in this directory, with the JDK's keytool. */
  static TlsIdentity create(Path directory) {
    Path keystore = directory.resolve("http.p12");
    try {
      keytool(keystore);
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(keystore)) {
        store.load(in, PASSWORD);
      }
      Path certificateFile = directory.resolve("http.crt");
      Files.writeString(
          certificateFile, pem("CERTIFICATE", store.getCertificate(ALIAS).getEncoded()));
      return new TlsIdentity(store, certificateFile);
    } catch (IOException e) {
      throw new UncheckedIOException("making a certificate in " + directory, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("making a certificate in " + directory, e);
    }
  }

  Path certificateFile() {
    return certificateFile;
  }

  /** Writes {@code http.crt} and {@code http.key}. */
  void copyTo(Path folder) throws IOException {
    Files.copy(certificateFile, folder.resolve("http.crt"));
    try {
      byte[] key = store.getKey(ALIAS, PASSWORD).getEncoded();
      Files.writeString(folder.resolve("http.key"), pem("PRIVATE KEY", key));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("reading our own key", e);
    }
  }

  /** Trusts this certificate and no other. */
  SSLContext trustingContext() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      Certificate certificate = store.getCertificate(ALIAS);
      trusted.setCertificateEntry(ALIAS, certificate);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("trusting our own certificate", e);
    }
  }

  private static void keytool(Path keystore) throws IOException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=bitacora-testkit",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                keystore.toString())
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IllegalStateException("keytool made no certificate: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool made a certificate", e);
    }
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
        .formatted(type, Base64.getMimeEncoder().encodeToString(der));
  }
}
