package dev.bitacora.collector.streams;

import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Retention;
import dev.bitacora.store.elasticsearch.ElasticsearchConfig;
import dev.bitacora.store.elasticsearch.ElasticsearchSetup;
import dev.bitacora.store.elasticsearch.ElasticsearchStore;
import dev.bitacora.testkit.SharedEngines;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class ElasticsearchStoredStreamsTest extends StoredStreamsContract {
  private static ElasticsearchStore store;

  @BeforeAll
  static void open() {
    ElasticsearchConfig config = ElasticsearchConfig.of(SharedEngines.elasticsearch().url());
    new ElasticsearchSetup(config).run();
    store = new ElasticsearchStore(config, Retention.DEFAULT);
    store.start();
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Override
  AuditStore store() {
    return store;
  }
}
