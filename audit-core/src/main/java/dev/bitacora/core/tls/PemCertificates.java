package dev.bitacora.core.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The certificates in a PEM file, whatever else stands in it: a key, comments. */
public final class PemCertificates {
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";
  private static final Pattern BLOCK =
      Pattern.compile(Pattern.quote(BEGIN) + "[^-]+" + Pattern.quote(END));

  private PemCertificates() {}

  /** Whether there is a certificate in PEM form among these bytes. */
  public static boolean isPem(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).contains(BEGIN);
  }

  /**
   * All certificates of a file, in its order.
   *
   * @throws IOException when it cannot be read or holds none, naming it
   */
  public static List<X509Certificate> read(Path file) throws IOException {
    String pem = Files.readString(file, StandardCharsets.ISO_8859_1);
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher block = BLOCK.matcher(pem);
    while (block.find()) {
      certificates.add(certificate(block.group(), file));
    }
    if (certificates.isEmpty()) {
      throw new IOException(file + " holds no certificate; give a PEM file");
    }
    return certificates;
  }

  private static X509Certificate certificate(String block, Path file) throws IOException {
    try {
      Certificate certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(block.getBytes(StandardCharsets.US_ASCII)));
      return (X509Certificate) certificate;
    } catch (CertificateException e) {
      throw new IOException(file + " holds a certificate that cannot be read: " + e, e);
    }
  }
}
