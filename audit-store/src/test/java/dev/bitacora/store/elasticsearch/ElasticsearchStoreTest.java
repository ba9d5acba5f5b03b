package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch._types.mapping.Property;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.AuditStoreContract;
import dev.bitacora.store.Retention;
import dev.bitacora.testkit.SharedEngines;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The whole contract, on a real node. */
class ElasticsearchStoreTest extends AuditStoreContract {
  private AuditStore store;

  @Override
  protected AuditStore openEmpty() {
    TestCluster.reset();
    return start();
  }

  @Override
  protected AuditStore reopen() {
    store.close();
    return start();
  }

  /** The store keeps nothing itself: it is Elasticsearch that has to be killed. */
  @Override
  protected AuditStore reopenAfterKill() {
    SharedEngines.elasticsearch().kill();
    SharedEngines.elasticsearch().restart();
    return reopen();
  }

  @Override
  protected void refresh() {
    TestCluster.refresh();
  }

  @Override
  protected int storedFieldCount() {
    try (Connection connection = Connection.open(TestCluster.config())) {
      return connection
          .reading()
          .indices()
          .getMapping(get -> get.index("audit-*"))
          .result()
          .values()
          .stream()
          .mapToInt(index -> count(index.mappings().properties()))
          .max()
          .orElse(0);
    } catch (IOException e) {
      throw new IllegalStateException("reading the mappings", e);
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private AuditStore start() {
    store = new ElasticsearchStore(TestCluster.config(), Retention.DEFAULT);
    store.start();
    return store;
  }

  private static int count(Map<String, Property> properties) {
    int fields = 0;
    for (Property property : properties.values()) {
      fields += property.isObject() ? count(property.object().properties()) : 1;
    }
    return fields;
  }
}
