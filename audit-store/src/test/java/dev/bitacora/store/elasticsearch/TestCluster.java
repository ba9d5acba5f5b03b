package dev.bitacora.store.elasticsearch;

import dev.bitacora.testkit.SharedEngines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.elasticsearch.client.Request;

/** The node that this JVM's tests share, with our templates and without anybody's events. */
final class TestCluster {
  private static boolean setUp;

  private TestCluster() {}

  static ElasticsearchConfig config() {
    return ElasticsearchConfig.of(SharedEngines.elasticsearch().url());
  }

  /** As after setup and before the first event. */
  static synchronized void reset() {
    if (!setUp) {
      new ElasticsearchSetup(config()).run();
      setUp = true;
    }
    try (Connection connection = Connection.open(config())) {
      List<String> indices =
          List.copyOf(
              connection.reading().indices().get(get -> get.index("audit-*")).result().keySet());
      if (!indices.isEmpty()) {
        connection.writing().indices().delete(delete -> delete.index(indices));
      }
    } catch (IOException e) {
      throw new IllegalStateException("emptying the shared node", e);
    }
  }

  /** What was written is found from now on. */
  static void refresh() {
    request("POST", "/audit-*/_refresh", null);
  }

  /** Asks the node something that the store never does. */
  static void request(String method, String path, String body) {
    try (Connection connection = Connection.open(config())) {
      Request request = new Request(method, path);
      if (body != null) {
        request.setJsonEntity(body);
      }
      if (method.equals("DELETE")) {
        request.addParameter("ignore", "404"); // of the client: what is gone need not be deleted
      }
      connection.rest().performRequest(request);
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path, e);
    }
  }

  /** What the node answers. */
  static String ask(String path) {
    try (Connection connection = Connection.open(config())) {
      return new String(
          connection
              .rest()
              .performRequest(new Request("GET", path))
              .getEntity()
              .getContent()
              .readAllBytes(),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("GET " + path, e);
    }
  }

  /** As before the first setup. */
  static void removeTemplates() {
    request("DELETE", "/_index_template/bitacora-audit*", null);
    request("DELETE", "/_component_template/bitacora-audit@*", null);
  }

  /** For a test that changed the templates. */
  static synchronized void setUpAgain() {
    removeTemplates();
    setUp = false;
    reset();
  }
}
