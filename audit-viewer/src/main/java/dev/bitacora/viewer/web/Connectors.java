package dev.bitacora.viewer.web;

import dev.bitacora.core.tls.PemKeyPair;
import java.io.IOException;
import java.security.KeyStore;
import java.util.Optional;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** One connector, plain or with TLS; one thread accepts and one selects, which is enough. */
final class Connectors {
  private static final int ACCEPTORS = 1;
  private static final int SELECTORS = 1;
  private static final long IDLE_MILLIS = 30_000;

  private Connectors() {}

  static Connector of(ViewerConfig config, Server server, HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    Optional<SslContextFactory.Server> tls = config.tls().map(Connectors::tls);
    ServerConnector connector;
    if (tls.isPresent()) {
      // Whoever asks under another name, or by address, is answered all the same.
      http.addCustomizer(new SecureRequestCustomizer(false));
      connector =
          new ServerConnector(
              server,
              ACCEPTORS,
              SELECTORS,
              new SslConnectionFactory(tls.get(), "http/1.1"),
              new HttpConnectionFactory(http));
    } else {
      connector =
          new ServerConnector(server, ACCEPTORS, SELECTORS, new HttpConnectionFactory(http));
    }
    connector.setHost(config.host());
    connector.setPort(config.port());
    connector.setIdleTimeout(IDLE_MILLIS);
    return connector;
  }

  private static SslContextFactory.Server tls(ViewerConfig.TlsFiles files) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStore(keyStore(files));
    tls.setKeyStorePassword("");
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    return tls;
  }

  private static KeyStore keyStore(ViewerConfig.TlsFiles files) {
    try {
      return PemKeyPair.keyStore(files.certificate(), files.key());
    } catch (IOException e) {
      throw new StartException("viewer: " + e.getMessage(), e);
    }
  }
}
