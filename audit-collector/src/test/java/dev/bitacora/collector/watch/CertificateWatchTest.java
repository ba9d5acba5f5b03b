package dev.bitacora.collector.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.AlarmBoard;
import dev.bitacora.collector.alarm.FiringAlarm;
import dev.bitacora.collector.alarm.Severity;
import dev.bitacora.collector.kafka.KafkaConnection;
import dev.bitacora.collector.support.TestClock;
import dev.bitacora.collector.watch.CertificateSource.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock stands at 2 March 2026, 10:00; certificates are valid for so many days from then. */
final class CertificateWatchTest {
  private static final String PASSWORD = "for-a-test";

  @TempDir Path folder;

  private final TestClock clock = new TestClock();
  private final AlarmBoard board = new AlarmBoard(clock);

  private List<Alarm> firing(CertificateWatch watch) {
    watch.look();
    return board.firing().stream().map(FiringAlarm::alarm).toList();
  }

  private CertificateWatch watch(CertificateSource... sources) {
    return new CertificateWatch(List.of(sources), "host-7", board, clock);
  }

  @Test
  void ownCertificate_firesInItsLastThreeWeeks_gravelyInItsLastDays_untilThereIsAnother()
      throws Exception {
    Path file = pem("server.crt", certificate("a", 40));
    CertificateWatch watch = watch(CertificateSource.shown(file));
    assertThat(firing(watch)).isEmpty();
    clock.forward(Duration.ofDays(18));
    assertThat(firing(watch)).isEmpty();
    clock.forward(Duration.ofDays(2));
    Alarm alarm = firing(watch).get(0);
    assertThat(alarm.name()).isEqualTo("BitacoraCertificateExpires");
    assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
    assertThat(alarm.labels()).isEqualTo(Map.of("file", file.toString(), "instance", "host-7"));
    assertThat(alarm.summary()).contains("CN=a", "expires 2026-04-1");
    clock.forward(Duration.ofDays(18));
    assertThat(firing(watch).get(0).severity()).isEqualTo(Severity.CRITICAL);
    clock.forward(Duration.ofDays(5));
    assertThat(firing(watch).get(0).summary()).contains("expired 2026-04-1");
    pem("server.crt", certificate("b", 365));
    clock.forward(Duration.ofHours(1));
    assertThat(firing(watch)).isEmpty();
  }

  @Test
  void shownChain_isAsGoodAsItsFirstToExpire() throws Exception {
    Path file = pem("chain.crt", certificate("server", 365), certificate("authority", 10));
    assertThat(firing(watch(CertificateSource.shown(file))))
        .singleElement()
        .satisfies(alarm -> assertThat(alarm.summary()).contains("CN=authority"));
  }

  @Test
  void trustedOnes_mayLeaveAnExpiredOneBehind() throws Exception {
    Path both = pem("ca.crt", certificate("old", 10), certificate("new", 365));
    CertificateWatch watch = watch(CertificateSource.trusted(both));
    assertThat(firing(watch)).hasSize(1);
    clock.forward(Duration.ofDays(12));
    assertThat(firing(watch)).isEmpty();
    clock.forward(Duration.ofDays(400));
    assertThat(firing(watch)).hasSize(1);
  }

  @Test
  void keyStoresOfKafkasClients_areWatched_whateverTheirForm() throws Exception {
    Path store = keyStore("client", 10);
    Path keyAndCertificate = pem("client.pem", certificate("pem", 10));
    Files.writeString(
        keyAndCertificate,
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
            + Files.readString(keyAndCertificate));
    KafkaConnection kafka =
        new KafkaConnection(
            Map.of(
                "bootstrap.servers",
                "kafka:9092",
                "ssl.keystore.location",
                store.toString(),
                "ssl.keystore.password",
                PASSWORD,
                "ssl.truststore.location",
                keyAndCertificate.toString()));
    assertThat(kafka.certificates())
        .containsExactly(
            new CertificateSource(store, Optional.of(PASSWORD), Kind.SHOWN),
            new CertificateSource(keyAndCertificate, Optional.empty(), Kind.TRUSTED));
    assertThat(kafka.certificates().toString()).doesNotContain(PASSWORD);
    CertificateWatch watch = watch(kafka.certificates().toArray(new CertificateSource[0]));
    assertThat(firing(watch))
        .extracting(alarm -> alarm.labels().get("file"))
        .containsExactlyInAnyOrder(store.toString(), keyAndCertificate.toString());
  }

  @Test
  void fileThatCannotBeRead_costsTheOthersNothing() throws Exception {
    Path good = pem("good.crt", certificate("a", 10));
    Path bad = Files.writeString(folder.resolve("bad.crt"), "nothing of the kind");
    CertificateWatch watch =
        watch(
            CertificateSource.shown(folder.resolve("absent.crt")),
            CertificateSource.shown(bad),
            CertificateSource.shown(good));
    assertThat(firing(watch)).hasSize(1);
  }

  private Path keyStore(String name, int days) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "it",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-startdate",
                "2026/03/02 10:00:00",
                "-validity",
                Integer.toString(days),
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    return store;
  }

  private byte[] certificate(String name, int days) throws Exception {
    Path store = keyStore(name, days);
    return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray())
        .getCertificate("it")
        .getEncoded();
  }

  private Path pem(String name, byte[]... certificates) throws Exception {
    StringBuilder text = new StringBuilder();
    for (byte[] der : certificates) {
      text.append("-----BEGIN CERTIFICATE-----\n")
          .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der))
          .append("\n-----END CERTIFICATE-----\n");
    }
    return Files.writeString(folder.resolve(name), text);
  }
}
