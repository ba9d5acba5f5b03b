package dev.bitacora.collector;

import dev.bitacora.collector.watch.CertificateSource;
import dev.bitacora.collector.webhook.WebhookAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Who hears of alarms, and what is watched besides events.
 *
 * @param webhooks that take alarms as Alertmanager does
 * @param tls whom to trust there; whom the JDK trusts when not given
 * @param certificates of connections, which must not expire unnoticed
 * @param host this machine's name, where those certificates are
 * @param source where whoever gets an alarm can look: this service's address
 * @param lookEvery how often what is watched is looked at
 */
public record AlarmSettings(
    List<WebhookAddress> webhooks,
    Optional<SSLContext> tls,
    List<CertificateSource> certificates,
    String host,
    URI source,
    Duration lookEvery) {
  /** How often is soon enough. */
  public static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  /** No webhook, no certificate, and nothing is looked at but once: for tests that count. */
  public static final AlarmSettings NONE =
      new AlarmSettings(
          List.of(),
          Optional.empty(),
          List.of(),
          "localhost",
          URI.create("http://localhost/health/ready"),
          Duration.ofDays(1));

  public AlarmSettings {
    webhooks = List.copyOf(webhooks);
    certificates = List.copyOf(certificates);
  }

  AlarmSettings withCertificates(List<CertificateSource> further) {
    List<CertificateSource> all = new ArrayList<>(certificates);
    all.addAll(further);
    return new AlarmSettings(webhooks, tls, all, host, source, lookEvery);
  }
}
