package dev.bitacora.viewer.web;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the viewer is reached.
 *
 * @param host where it listens
 * @param port 0 chooses a free one
 * @param basePath empty, or {@code /logs} behind a proxy that keeps the path
 * @param tls the key pair; without one it speaks plain HTTP
 * @param trustedProxies addresses or networks whose {@code X-Forwarded-*} headers are believed
 */
public record ViewerConfig(
    String host, int port, String basePath, Optional<TlsFiles> tls, List<Network> trustedProxies) {
  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 7070;

  public ViewerConfig {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("listen: a port is from 0 to 65535, found " + port);
    }
    basePath = normal(basePath);
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** Plain HTTP at this place, everything else as by default. */
  public static ViewerConfig at(String host, int port) {
    return new ViewerConfig(host, port, "", Optional.empty(), List.of());
  }

  private static String normal(String path) {
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (!trimmed.isEmpty() && !trimmed.matches("(/[A-Za-z0-9._~-]+)+")) {
      throw new IllegalArgumentException(
          "base path: expected something like /logs, found \"" + path + "\"");
    }
    return trimmed;
  }

  /**
   * A key pair in PEM files.
   *
   * @param certificate the chain, the server's own certificate first
   * @param key PKCS#8, not encrypted
   */
  public record TlsFiles(Path certificate, Path key) {}
}
