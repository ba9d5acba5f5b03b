package dev.bitacora.bench.collector;

import dev.bitacora.agent.AuditLog;
import dev.bitacora.bench.ChildJvm;
import dev.bitacora.bench.agent.SampleEvents;
import dev.bitacora.collector.kafka.KafkaConnection;
import dev.bitacora.collector.kafka.TopicSetup;
import dev.bitacora.collector.kafka.TopicSetup.SetupFailedException;
import dev.bitacora.store.Retention;
import dev.bitacora.store.elasticsearch.ElasticsearchConfig;
import dev.bitacora.store.elasticsearch.ElasticsearchSetup;
import dev.bitacora.store.elasticsearch.ElasticsearchStore;
import dev.bitacora.testkit.ElasticsearchNode;
import dev.bitacora.testkit.ElasticsearchOptions;
import dev.bitacora.testkit.KafkaBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A broker and a node, set up, and collectors between them. One thread's. */
final class Cluster implements AutoCloseable {
  static final int PARTITIONS = 6;
  private static final int NODE_HEAP_MB = 1024;
  private static final int OK = 200;

  private final KafkaBroker broker;
  private final ElasticsearchNode node;
  private final Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private int collectors;

  private Cluster(KafkaBroker broker, ElasticsearchNode node, Path folder) {
    this.broker = broker;
    this.node = node;
    this.folder = folder;
  }

  /**
   * Starts both, empty.
   *
   * @param folder for configurations and spools
   */
  static Cluster start(Path folder) {
    KafkaBroker broker = KafkaBroker.start();
    try {
      new TopicSetup(new KafkaConnection(Map.of("bootstrap.servers", broker.bootstrapServers())))
          .apply(PARTITIONS);
      ElasticsearchNode node =
          ElasticsearchNode.start(ElasticsearchOptions.plain().withHeapMegabytes(NODE_HEAP_MB));
      new ElasticsearchSetup(ElasticsearchConfig.of(node.url())).run();
      return new Cluster(broker, node, folder);
    } catch (SetupFailedException | RuntimeException e) {
      broker.close();
      throw new IllegalStateException("setting up: " + e.getMessage(), e);
    }
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  URI elasticsearch() {
    return node.url();
  }

  /**
   * A collector as operators start it, which reads every topic from its beginning. It may be
   * stopped for minutes and keeps its partitions.
   */
  RunningCollector collector(URI elasticsearch) throws IOException {
    collectors++;
    Path config = folder.resolve("collector-" + collectors + ".properties");
    Files.writeString(
        config,
        """
        kafka-bootstrap-servers = %s
        kafka.group.id = bench-%d
        kafka.session.timeout.ms = 600000
        elasticsearch-url = %s
        listen = 127.0.0.1:0
        """
            .formatted(broker.bootstrapServers(), collectors, elasticsearch));
    return RunningCollector.of(
        ChildJvm.start(
            CollectorProgram.class,
            CollectorProgram.JVM,
            List.of("collector", "--config", config.toString())));
  }

  /** Deletes all that was indexed, with its indices. */
  void empty() {
    indices().forEach(index -> ask("DELETE", "/" + index));
  }

  /** Makes an index of our template. */
  void create(String index) {
    ask("PUT", "/" + index);
  }

  private List<String> indices() {
    return ask("GET", "/_cat/indices/audit-*?h=index").lines().map(String::strip).toList();
  }

  private String ask(String method, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(node.url().resolve(path))
            .method(method, BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != OK) {
        throw new IllegalStateException(method + " " + path + ": " + answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** From an agent through Kafka and a collector, which is stopped. */
  void measureDelays(RunningCollector collector, SearchDelays delays, double half) {
    empty();
    collector.resume();
    try (ElasticsearchStore searched =
            new ElasticsearchStore(ElasticsearchConfig.of(node.url()), Retention.DEFAULT);
        AuditLog audit = SampleEvents.open(broker.bootstrapServers(), folder.resolve("spool"))) {
      searched.start();
      collector.awaitIdle();
      delays.measure(audit, searched, half);
    }
  }

  @Override
  public void close() {
    node.close();
    broker.close();
  }
}
