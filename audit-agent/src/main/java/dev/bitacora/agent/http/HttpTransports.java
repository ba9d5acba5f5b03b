package dev.bitacora.agent.http;

import dev.bitacora.agent.transport.DeliveryFailure;
import dev.bitacora.agent.transport.Transport;
import dev.bitacora.agent.transport.TransportFactory;
import dev.bitacora.core.tls.TrustedCertificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** The way to an HTTP intake. Its client and the client's daemon threads are made on first use. */
public final class HttpTransports implements TransportFactory {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final String PATH = "/api/v1/intake";

  private final URI base;
  private final Optional<String> token;
  private final Optional<Path> caFile;
  private HttpClient client;

  /**
   * The way to one intake.
   *
   * @param base where the collector listens, with its base path if it has one
   * @param token of role component
   * @param caFile certificates to trust instead of the platform's, PEM
   */
  public HttpTransports(URI base, Optional<String> token, Optional<Path> caFile) {
    this.base = base;
    this.token = token;
    this.caFile = caFile;
  }

  @Override
  public Transport open() throws DeliveryFailure {
    return new HttpTransport(client(), endpoint(), token, destination());
  }

  @Override
  public String destination() {
    return base.toString();
  }

  private URI endpoint() {
    String text = base.toString();
    return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + PATH);
  }

  private synchronized HttpClient client() throws DeliveryFailure {
    if (client == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .executor(HttpThreads.SHARED)
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(CONNECT_TIMEOUT);
      if (caFile.isPresent()) {
        builder.sslContext(trust(caFile.get()));
      }
      client = builder.build();
    }
    return client;
  }

  private static SSLContext trust(Path pem) throws DeliveryFailure {
    try {
      return TrustedCertificates.contextFor(pem);
    } catch (IOException e) {
      throw DeliveryFailure.hold("BITACORA_CA_FILE: " + e.getMessage(), e);
    }
  }
}
