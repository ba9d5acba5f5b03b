package dev.bitacora.collector.watch;

import dev.bitacora.core.tls.PemCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A file with certificates that a connection depends on.
 *
 * @param file PEM, or a key store in one of the JDK's formats
 * @param password the key store's, where it has one
 * @param kind what the certificates are for
 */
public record CertificateSource(Path file, Optional<String> password, Kind kind) {
  /** What certificates are for. */
  public enum Kind {
    /** We show them, each of the chain is needed. */
    SHOWN,
    /** We trust them; of an authority's old certificate and its new one, one is enough. */
    TRUSTED
  }

  public static CertificateSource shown(Path pem) {
    return new CertificateSource(pem, Optional.empty(), Kind.SHOWN);
  }

  public static CertificateSource trusted(Path pem) {
    return new CertificateSource(pem, Optional.empty(), Kind.TRUSTED);
  }

  /**
   * The certificates in it, as they are now.
   *
   * @throws IOException when there are none or it cannot be read
   */
  List<X509Certificate> read() throws IOException {
    try {
      return PemCertificates.isPem(Files.readAllBytes(file))
          ? PemCertificates.read(file)
          : keyStore();
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is neither PEM nor a key store that can be opened: " + e, e);
    }
  }

  private List<X509Certificate> keyStore() throws IOException, GeneralSecurityException {
    char[] secret = password.map(String::toCharArray).orElse(null);
    KeyStore store = KeyStore.getInstance(file.toFile(), secret);
    List<X509Certificate> found = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      Certificate[] chain = store.getCertificateChain(alias);
      List<Certificate> certificates =
          chain == null ? List.of(store.getCertificate(alias)) : List.of(chain);
      for (Certificate certificate : certificates) {
        if (certificate instanceof X509Certificate x509) {
          found.add(x509);
        }
      }
    }
    return found;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return file.toString();
  }
}
