package dev.bitacora.cli.service;

import dev.bitacora.collector.AlarmSettings;
import dev.bitacora.collector.watch.CertificateSource;
import dev.bitacora.collector.webhook.WebhookAddress;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.InvalidConfigurationException;
import dev.bitacora.core.config.Setting;
import dev.bitacora.core.tls.TrustedCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** What the configuration says of alarms. */
final class AlarmConfiguration {
  private static final Set<String> ANY_ADDRESS = Set.of("0.0.0.0", "::");

  private AlarmConfiguration() {}

  /** For a separate collector; whoever gets an alarm is sent to its health. */
  static AlarmSettings collector(Configuration configuration) {
    return settings(configuration, url(configuration, WebSettings.COLLECTOR, "/health/ready"));
  }

  /** For the standalone service; whoever gets an alarm is sent to the viewer. */
  static AlarmSettings standalone(Configuration configuration) {
    String path = configuration.require(Setting.BASE_PATH);
    return settings(configuration, url(configuration, WebSettings.VIEWER, path));
  }

  private static AlarmSettings settings(Configuration configuration, URI source) {
    return new AlarmSettings(
        configuration
            .text(Setting.ALARM_WEBHOOKS)
            .map(AlarmConfiguration::webhooks)
            .orElse(List.of()),
        configuration.path(Setting.CA_FILE).map(AlarmConfiguration::trust),
        certificates(configuration),
        hostName(),
        source,
        AlarmSettings.LOOK_EVERY);
  }

  private static List<WebhookAddress> webhooks(String addresses) {
    try {
      return WebhookAddress.parse(addresses);
    } catch (IllegalArgumentException e) {
      throw new InvalidConfigurationException(
          List.of(Setting.ALARM_WEBHOOKS.key() + ": " + e.getMessage()));
    }
  }

  private static SSLContext trust(Path authority) {
    try {
      return TrustedCertificates.contextFor(authority);
    } catch (IOException e) {
      throw new InvalidConfigurationException(
          List.of(Setting.CA_FILE.key() + ": " + e.getMessage()));
    }
  }

  private static List<CertificateSource> certificates(Configuration configuration) {
    List<CertificateSource> sources = new ArrayList<>();
    configuration
        .path(Setting.TLS_CERTIFICATE)
        .map(CertificateSource::shown)
        .ifPresent(sources::add);
    for (Setting authority : List.of(Setting.ELASTICSEARCH_CA_FILE, Setting.CA_FILE)) {
      configuration.path(authority).map(CertificateSource::trusted).ifPresent(sources::add);
    }
    return sources;
  }

  private static URI url(Configuration configuration, String byDefault, String path) {
    ListenAddress listen =
        ListenAddress.parse(configuration.text(Setting.LISTEN).orElse(byDefault));
    String scheme = configuration.isSet(Setting.TLS_CERTIFICATE) ? "https" : "http";
    String host = ANY_ADDRESS.contains(listen.host()) ? hostName() : listen.host();
    String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return URI.create(scheme + "://" + bracketed + ":" + listen.port() + path);
  }

  private static String hostName() {
    return Optional.ofNullable(System.getenv("HOSTNAME"))
        .filter(name -> !name.isBlank())
        .orElseGet(AlarmConfiguration::resolvedHostName);
  }

  private static String resolvedHostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
