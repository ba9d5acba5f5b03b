package dev.bitacora.cli.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bitacora.cli.operations.Documentation.Metric;
import dev.bitacora.cli.service.DistributedCollector;
import dev.bitacora.cli.service.ServerSetup;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.testkit.SharedEngines;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real collector on a real Kafka and a real Elasticsearch says what docs/operations.md says. */
class MetricsDocumentedTest {
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

  @TempDir Path folder;

  @Test
  void everyMetric_isDocumented_andEveryDocumentedOneIsThere() throws Exception {
    Configuration configuration =
        Configuration.reader(
                Map.of(
                    "BITACORA_KAFKA_BOOTSTRAP_SERVERS",
                    SharedEngines.kafka().bootstrapServers(),
                    "BITACORA_KAFKA_GROUP_ID",
                    "metrics-documented",
                    "BITACORA_ELASTICSEARCH_URL",
                    SharedEngines.elasticsearch().url().toString(),
                    "BITACORA_LISTEN",
                    "127.0.0.1:0",
                    "BITACORA_ALARM_WEBHOOKS",
                    "http://127.0.0.1:9",
                    "BITACORA_CA_FILE",
                    certificateOfFiveDays().toString()))
            .read();
    boolean good = new ServerSetup(configuration).run(line -> {});
    assertThat(good).isTrue();
    try (DistributedCollector collector = new DistributedCollector(configuration, "1.2.3")) {
      collector.start();
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(exported(collector))
                      .as("what /metrics exports, against the table of docs/operations.md")
                      .containsExactlyInAnyOrderElementsOf(Documentation.metrics()));
    }
  }

  /** So that an alarm fires, or there would be no metric of alarms. */
  private Path certificateOfFiveDays() throws IOException, InterruptedException {
    String store = folder.resolve("made.p12").toString();
    Path file = folder.resolve("ca.crt");
    keytool("-genkeypair", "-keyalg EC -dname CN=soon -validity 5", store);
    keytool("-exportcert", "-rfc -file " + file, store);
    return file;
  }

  private static void keytool(String command, String options, String store)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    words.add(command);
    words.addAll(List.of(options.split(" ", -1)));
    words.addAll(List.of("-alias", "it", "-keystore", store, "-storepass", "for-a-test"));
    Process keytool =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
  }

  private static Set<Metric> exported(DistributedCollector collector)
      throws IOException, InterruptedException {
    String text =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(collector.url().resolve("/metrics")).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    Set<Metric> metrics = new HashSet<>();
    Matcher type = TYPE.matcher(text);
    while (type.find()) {
      metrics.add(new Metric(type.group(1), type.group(2), labels(type.group(1), text)));
    }
    return metrics;
  }

  /** Of the samples of a metric; what marks a histogram's buckets is no label. */
  private static Set<String> labels(String metric, String text) {
    Set<String> labels = new TreeSet<>();
    Matcher sample =
        Pattern.compile("(?m)^" + metric + "(?:_bucket|_sum|_count)?\\{(.*)\\} ").matcher(text);
    while (sample.find()) {
      labels.addAll(Documentation.all(LABEL, sample.group(1)));
    }
    labels.remove("le");
    return labels;
  }
}
