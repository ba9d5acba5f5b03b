package dev.bitacora.core.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** A server's certificate chain and private key from PEM files, as authorities hand them out. */
public final class PemKeyPair {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

  private PemKeyPair() {}

  /**
   * A key store in memory, without a password.
   *
   * @param certificate the server's own first, then those between it and the authority
   * @param key PKCS #8, not encrypted; RSA, EC or Ed25519
   * @throws IOException when a file cannot be read or holds something else, saying which and what
   *     it should be
   */
  public static KeyStore keyStore(Path certificate, Path key) throws IOException {
    Certificate[] chain = chain(certificate);
    PrivateKey privateKey = privateKey(key);
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("bitacora", privateKey, new char[0], chain);
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException(certificate + " and " + key + " make no key store: " + e, e);
    }
  }

  private static Certificate[] chain(Path file) throws IOException {
    try {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(file)))
              .toArray(new Certificate[0]);
      if (chain.length > 0) {
        return chain;
      }
    } catch (CertificateException e) {
      throw new IOException(file + " is no PEM file with certificates", e);
    }
    throw new IOException(file + " is no PEM file with certificates");
  }

  private static PrivateKey privateKey(Path file) throws IOException {
    String pem = new String(bytes(file), StandardCharsets.US_ASCII);
    int begin = pem.indexOf(BEGIN);
    int end = pem.indexOf(END);
    if (begin < 0 || end < begin) {
      throw noKey(file, null);
    }
    try {
      byte[] der =
          Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end).trim());
      return privateKey(new PKCS8EncodedKeySpec(der));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw noKey(file, e);
    }
  }

  private static PrivateKey privateKey(PKCS8EncodedKeySpec key)
      throws NoSuchAlgorithmException, InvalidKeySpecException {
    InvalidKeySpecException last = null;
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(key);
      } catch (InvalidKeySpecException e) {
        last = e;
      }
    }
    throw last;
  }

  private static IOException noKey(Path file, Exception cause) {
    return new IOException(
        file
            + " holds no private key in PKCS #8; convert it with: openssl pkcs8 -topk8 -nocrypt -in "
            + file,
        cause);
  }

  private static byte[] bytes(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IOException("the TLS file " + file + " cannot be read: " + e, e);
    }
  }
}
