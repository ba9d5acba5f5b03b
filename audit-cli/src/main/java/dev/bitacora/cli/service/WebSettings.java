package dev.bitacora.cli.service;

import dev.bitacora.collector.http.ServerSettings;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.InvalidConfigurationException;
import dev.bitacora.core.config.Setting;
import dev.bitacora.viewer.web.Network;
import dev.bitacora.viewer.web.ViewerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the configuration says of the two web ports. */
final class WebSettings {
  static final String VIEWER = "127.0.0.1:7070";
  static final String COLLECTOR = "127.0.0.1:7071";

  private WebSettings() {}

  /** The viewer's port. */
  static ViewerConfig viewer(Configuration configuration) {
    ListenAddress listen = ListenAddress.parse(configuration.text(Setting.LISTEN).orElse(VIEWER));
    try {
      return new ViewerConfig(
          listen.host(),
          listen.port(),
          configuration.require(Setting.BASE_PATH),
          keyPair(configuration)
              .map(pair -> new ViewerConfig.TlsFiles(pair.certificate(), pair.key())),
          proxies(configuration));
    } catch (IllegalArgumentException e) {
      throw new InvalidConfigurationException(List.of(e.getMessage()));
    }
  }

  /** A separate collector's port. */
  static ServerSettings collector(Configuration configuration) {
    ListenAddress listen =
        ListenAddress.parse(configuration.text(Setting.LISTEN).orElse(COLLECTOR));
    return new ServerSettings(
        listen.host(),
        listen.port(),
        keyPair(configuration)
            .map(pair -> new ServerSettings.KeyPairFiles(pair.certificate(), pair.key())));
  }

  private record KeyPair(Path certificate, Path key) {}

  private static Optional<KeyPair> keyPair(Configuration configuration) {
    Optional<Path> certificate = configuration.path(Setting.TLS_CERTIFICATE);
    Optional<Path> key = configuration.path(Setting.TLS_KEY);
    List<String> problems = new ArrayList<>();
    if (certificate.isPresent() != key.isPresent()) {
      problems.add("tls-certificate and tls-key: set both, or neither");
    }
    Stream.of(certificate, key)
        .flatMap(Optional::stream)
        .filter(file -> !Files.isReadable(file))
        .forEach(file -> problems.add("tls: cannot read " + file + "; give a readable PEM file"));
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
    return certificate.map(file -> new KeyPair(file, key.orElseThrow()));
  }

  private static List<Network> proxies(Configuration configuration) {
    return Stream.of(configuration.require(Setting.TRUSTED_PROXIES).split(","))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .map(Network::parse)
        .toList();
  }
}
