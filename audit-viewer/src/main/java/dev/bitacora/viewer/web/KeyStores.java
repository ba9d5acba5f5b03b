package dev.bitacora.viewer.web;

import dev.bitacora.viewer.web.ViewerConfig.TlsFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** Reads a key pair from PEM files, as certificate authorities hand them out. */
final class KeyStores {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

  private KeyStores() {}

  /**
   * A key store in memory, without a password.
   *
   * @throws StartException when the files cannot be read, saying what they should be
   */
  static KeyStore read(TlsFiles files) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("bitacora", key(files.key()), new char[0], chain(files.certificate()));
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new StartException("viewer: cannot make a key store of the TLS files: " + e, e);
    }
  }

  private static Certificate[] chain(Path file) {
    try {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(file)))
              .toArray(new Certificate[0]);
      if (chain.length > 0) {
        return chain;
      }
    } catch (GeneralSecurityException e) {
      throw noCertificate(file, e);
    }
    throw noCertificate(file, null);
  }

  private static StartException noCertificate(Path file, Exception cause) {
    return new StartException("viewer: " + file + " is no PEM file with certificates", cause);
  }

  private static PrivateKey key(Path file) {
    String pem = new String(bytes(file), StandardCharsets.US_ASCII);
    int begin = pem.indexOf(BEGIN);
    int end = pem.indexOf(END);
    if (begin < 0 || end < begin) {
      throw noKey(file, null);
    }
    try {
      byte[] der =
          Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end).trim());
      return key(new PKCS8EncodedKeySpec(der));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw noKey(file, e);
    }
  }

  private static PrivateKey key(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
    InvalidKeySpecException last = null;
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        last = e;
      }
    }
    throw last;
  }

  private static StartException noKey(Path file, Exception cause) {
    return new StartException(
        "viewer: "
            + file
            + " holds no private key in PKCS#8; convert it with: openssl pkcs8 -topk8 -nocrypt -in "
            + file,
        cause);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new StartException("viewer: cannot read the TLS file " + file + " (" + e + ")", e);
    }
  }
}
