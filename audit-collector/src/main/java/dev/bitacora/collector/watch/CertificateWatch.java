package dev.bitacora.collector.watch;

import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.Alarms;
import dev.bitacora.collector.alarm.Severity;
import dev.bitacora.collector.watch.CertificateSource.Kind;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires for a file with a certificate that expires in under 21 days, gravely in the last three.
 * Looks into the files once an hour, so a new certificate ends the alarm. One that expired among
 * trusted ones counts only when no other of its file is valid: people leave the old one behind.
 */
public final class CertificateWatch implements Watch {
  static final String NAME = "BitacoraCertificateExpires";
  static final Duration SOON = Duration.ofDays(21);
  static final Duration NOW_OR_NEVER = Duration.ofDays(3);

  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
  private static final Duration EVERY = Duration.ofHours(1);

  private final List<CertificateSource> sources;
  private final String host;
  private final Alarms alarms;
  private final Clock clock;
  private final Set<CertificateSource> unreadable = new HashSet<>();
  private Instant next = Instant.MIN;

  /**
   * @param host where the files are: another host's files of the same name are others
   */
  public CertificateWatch(
      List<CertificateSource> sources, String host, Alarms alarms, Clock clock) {
    this.sources = List.copyOf(sources);
    this.host = host;
    this.alarms = alarms;
    this.clock = clock;
  }

  @Override
  public void look() {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      return;
    }
    next = now.plus(EVERY);
    sources.forEach(source -> look(source, now));
  }

  private void look(CertificateSource source, Instant now) {
    try {
      Optional<X509Certificate> first = firstToExpire(source, now);
      unreadable.remove(source);
      first
          .filter(certificate -> expiry(certificate).isBefore(now.plus(SOON)))
          .ifPresentOrElse(
              certificate -> fire(source, certificate, now),
              () -> alarms.resolve(NAME, labels(source)));
    } catch (IOException | RuntimeException e) {
      if (unreadable.add(source)) {
        LOG.warn("Alarms: when {} expires is not known: {}", source.file(), e.toString());
      }
    }
  }

  private static Optional<X509Certificate> firstToExpire(CertificateSource source, Instant now)
      throws IOException {
    List<X509Certificate> all = source.read();
    List<X509Certificate> valid =
        all.stream().filter(certificate -> expiry(certificate).isAfter(now)).toList();
    boolean oldOnesMatter = source.kind() == Kind.SHOWN || valid.isEmpty();
    return (oldOnesMatter ? all : valid)
        .stream().min(Comparator.comparing(CertificateWatch::expiry));
  }

  private void fire(CertificateSource source, X509Certificate certificate, Instant now) {
    Instant expiry = expiry(certificate);
    boolean grave = expiry.isBefore(now.plus(NOW_OR_NEVER));
    alarms.fire(
        new Alarm(
            NAME,
            grave ? Severity.CRITICAL : Severity.WARNING,
            labels(source),
            "The certificate of %s in %s on %s %s %s. Put a new one there and restart what uses it."
                .formatted(
                    certificate.getSubjectX500Principal().getName(),
                    source.file(),
                    host,
                    expiry.isAfter(now) ? "expires" : "expired",
                    expiry)));
  }

  private Map<String, String> labels(CertificateSource source) {
    return Map.of("file", source.file().toString(), "instance", host);
  }

  private static Instant expiry(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }
}
