package dev.bitacora.cli.service;

import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import dev.bitacora.core.tls.TrustedCertificates;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** HTTP to a service of ours, trusting the configured authority. */
public final class TrustedHttp {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private TrustedHttp() {}

  public static HttpClient client(Configuration configuration) throws IOException {
    Optional<Path> authority = configuration.path(Setting.CA_FILE);
    HttpClient.Builder http =
        HttpClient.newBuilder().connectTimeout(CONNECT).version(HttpClient.Version.HTTP_1_1);
    if (authority.isPresent()) {
      http.sslContext(TrustedCertificates.contextFor(authority.get()));
    }
    return http.build();
  }
}
