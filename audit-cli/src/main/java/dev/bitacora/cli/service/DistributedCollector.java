package dev.bitacora.cli.service;

import dev.bitacora.collector.Collector;
import dev.bitacora.collector.http.ServerSettings;
import dev.bitacora.collector.kafka.IndexerSettings;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.store.Retention;
import dev.bitacora.store.elasticsearch.ElasticsearchDeadLetterIndex;
import dev.bitacora.store.elasticsearch.ElasticsearchStore;
import dev.bitacora.viewer.access.Access;
import java.net.URI;
import java.util.Optional;

/**
 * From Kafka into Elasticsearch, and an HTTP intake into Kafka. Starts while either is away: its
 * health says so, and it goes on trying. Any number of them share the work. {@link #close} is
 * idempotent.
 */
public final class DistributedCollector implements AutoCloseable {
  private final Configuration configuration;
  private final String version;
  private final Closing closing = new Closing();
  private URI url;

  public DistributedCollector(Configuration configuration, String version) {
    this.configuration = configuration;
    this.version = version;
  }

  /** Listens and begins to index. */
  public void start() {
    try {
      startParts();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void startParts() {
    Settings.requireDistributed(configuration);
    ServerSettings listen = WebSettings.collector(configuration);
    Retention retention = Settings.retention(configuration);
    ElasticsearchStore store =
        closing.add(new ElasticsearchStore(Settings.elasticsearch(configuration), retention));
    store.start();
    ElasticsearchDeadLetterIndex deadLetters =
        closing.add(new ElasticsearchDeadLetterIndex(Settings.elasticsearch(configuration)));
    deadLetters.start();
    States.Open state = closing.add(States.open(configuration));
    Collector collector =
        closing.add(
            new Collector(
                Settings.kafka(configuration),
                IndexerSettings.DEFAULT,
                listen,
                store,
                retention,
                state.store(),
                Optional.of(deadLetters),
                Senders.of(Access.of(state.store())),
                AlarmConfiguration.collector(configuration),
                version));
    collector.start();
    String scheme = listen.tls().isPresent() ? "https" : "http";
    url = URI.create(scheme + "://" + listen.host() + ":" + collector.port());
  }

  /** Where intake, health and metrics are. */
  public URI url() {
    return url;
  }

  @Override
  public void close() {
    closing.close();
  }
}
