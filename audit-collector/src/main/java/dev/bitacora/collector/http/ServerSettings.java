package dev.bitacora.collector.http;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the collector listens.
 *
 * @param port 0 for any free one
 */
public record ServerSettings(String host, int port, Optional<KeyPairFiles> tls) {
  /** 127.0.0.1:7071, without TLS. */
  public static final ServerSettings DEFAULT =
      new ServerSettings("127.0.0.1", 7071, Optional.empty());

  /**
   * A TLS key pair.
   *
   * @param certificate PEM, the server's certificate first, then its chain
   * @param privateKey PEM, PKCS #8, not encrypted
   */
  public record KeyPairFiles(Path certificate, Path privateKey) {}
}
