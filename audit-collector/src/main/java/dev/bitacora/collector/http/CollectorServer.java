package dev.bitacora.collector.http;

import dev.bitacora.core.tls.PemKeyPair;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.security.KeyStore;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * The collector's web server: intake, health and metrics. {@link #start} fails with a sentence when
 * the port is taken; {@link #close} is idempotent and lets running requests end.
 */
public final class CollectorServer implements AutoCloseable {
  private final ServerSettings settings;
  private final IntakeHandler intake;
  private final OperationsRoutes operations;
  private Javalin server;

  public CollectorServer(
      ServerSettings settings, IntakeHandler intake, OperationsRoutes operations) {
    this.settings = settings;
    this.intake = intake;
    this.operations = operations;
  }

  /**
   * Listens.
   *
   * @throws IllegalStateException when the port is taken
   */
  public synchronized void start() {
    Javalin created = Javalin.create(this::configure);
    try {
      server = created.start();
    } catch (JavalinBindException e) {
      throw new IllegalStateException(
          "the collector can not listen on "
              + settings.host()
              + ":"
              + settings.port()
              + ": the port is taken; stop the other process or choose another port",
          e);
    }
  }

  /** The port it listens on. */
  public synchronized int port() {
    return server.port();
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      server.stop();
      server = null;
    }
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.jetty.host = settings.host();
    config.jetty.port = settings.port();
    settings.tls().map(CollectorServer::keyStore).ifPresent(keys -> secure(config, keys));
    config.routes.post(IntakeHandler.PATH, intake);
    operations.install(config.routes);
  }

  private static KeyStore keyStore(ServerSettings.KeyPairFiles files) {
    try {
      return PemKeyPair.keyStore(files.certificate(), files.privateKey());
    } catch (IOException e) {
      throw new IllegalArgumentException("TLS: " + e.getMessage(), e);
    }
  }

  private void secure(JavalinConfig config, KeyStore keys) {
    config.jetty.addConnector((jetty, http) -> connector(jetty, http, keys));
  }

  private ServerConnector connector(Server jetty, HttpConfiguration http, KeyStore keys) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStore(keys);
    tls.setKeyStorePassword("");
    HttpConfiguration https = new HttpConfiguration(http);
    https.addCustomizer(new SecureRequestCustomizer(false));
    ServerConnector connector =
        new ServerConnector(
            jetty, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(https));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    return connector;
  }
}
