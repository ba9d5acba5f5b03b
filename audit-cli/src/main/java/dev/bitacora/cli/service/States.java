package dev.bitacora.cli.service;

import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import dev.bitacora.store.elasticsearch.ElasticsearchStateStore;
import dev.bitacora.store.state.FileStateStore;
import dev.bitacora.store.state.StateStore;

/**
 * Where users and tokens are: in Elasticsearch when one is configured, else in the data directory.
 */
public final class States {
  private States() {}

  /** An open state and the connection behind it. */
  public record Open(StateStore store, Runnable closing) implements AutoCloseable {
    @Override
    public void close() {
      closing.run();
    }
  }

  /**
   * Opens it.
   *
   * @throws dev.bitacora.store.StoreException when it cannot be reached
   */
  public static Open open(Configuration configuration) {
    if (configuration.isSet(Setting.ELASTICSEARCH_URL)) {
      ElasticsearchStateStore shared =
          new ElasticsearchStateStore(Settings.elasticsearch(configuration));
      shared.start();
      return new Open(shared, shared::close);
    }
    FileStateStore files = new FileStateStore(DataDirectory.of(configuration).state());
    files.start();
    return new Open(files, () -> {});
  }
}
