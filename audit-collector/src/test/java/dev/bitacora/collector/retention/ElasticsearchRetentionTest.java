package dev.bitacora.collector.retention;

import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Retention;
import dev.bitacora.store.elasticsearch.ElasticsearchConfig;
import dev.bitacora.store.elasticsearch.ElasticsearchSetup;
import dev.bitacora.store.elasticsearch.ElasticsearchStateStore;
import dev.bitacora.store.elasticsearch.ElasticsearchStore;
import dev.bitacora.store.state.StateStore;
import dev.bitacora.testkit.SharedEngines;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Distributed: a real node keeps events and state. */
final class ElasticsearchRetentionTest extends RetentionContract {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private ElasticsearchStore store;
  private ElasticsearchStateStore state;

  @BeforeAll
  static void setUp() {
    new ElasticsearchSetup(config()).run();
  }

  private static ElasticsearchConfig config() {
    return ElasticsearchConfig.of(SharedEngines.elasticsearch().url());
  }

  @Override
  protected AuditStore openStore() throws Exception {
    String indices = ask("GET", "/_cat/indices/audit-*,bitacora-state*?h=index");
    if (!indices.isBlank()) {
      ask("DELETE", "/" + indices.strip().replaceAll("\\s+", ","));
    }
    store = new ElasticsearchStore(config(), Retention.DEFAULT);
    store.start();
    return store;
  }

  @Override
  protected StateStore openState() {
    state = new ElasticsearchStateStore(config());
    state.start();
    return state;
  }

  @Override
  protected void refresh() throws Exception {
    ask("POST", "/audit-*/_refresh");
  }

  @AfterEach
  void close() {
    store.close();
    state.close();
  }

  private static String ask(String method, String path) throws IOException, InterruptedException {
    URI uri = URI.create(SharedEngines.elasticsearch().url() + path);
    return HTTP.send(
            HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
            BodyHandlers.ofString())
        .body();
  }
}
