package dev.bitacora.bench.chaos.collector;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.store.elasticsearch.ElasticsearchConfig;
import dev.bitacora.store.elasticsearch.ElasticsearchSetup;
import dev.bitacora.testkit.ElasticsearchNode;
import dev.bitacora.testkit.ElasticsearchOptions;
import dev.bitacora.testkit.ElasticsearchUser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The Elasticsearch node with a user for the collectors, seen from outside them: the harness asks
 * it as its superuser and not through the product's reader. Safe for any thread.
 */
final class ChaosNode implements AutoCloseable {
  private static final List<String> ROLES =
      List.of(
          "bitacora-writer",
          "bitacora-bootstrap",
          "bitacora-viewer",
          "bitacora-state",
          "bitacora-retention");

  static final ElasticsearchUser COLLECTOR =
      new ElasticsearchUser("collector", "chaos-password", ROLES);

  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int PAGE = 10_000;

  private final ElasticsearchNode node;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ChaosNode(ElasticsearchNode node) {
    this.node = node;
  }

  /** Starts one with our templates. */
  static ChaosNode start() {
    Map<String, String> roles = new LinkedHashMap<>();
    ROLES.forEach(role -> roles.put(role, definition(role)));
    ChaosNode started =
        new ChaosNode(ElasticsearchNode.start(ElasticsearchOptions.secured(roles, COLLECTOR)));
    started.putTemplates();
    return started;
  }

  private static String definition(String role) {
    try (InputStream in = ElasticsearchSetup.class.getResourceAsStream("roles/" + role + ".json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** To be killed, paused and started again. */
  ElasticsearchNode process() {
    return node;
  }

  void putTemplates() {
    new ElasticsearchSetup(
            ElasticsearchConfig.of(node.url())
                .withUser(node.admin().name(), node.admin().password()))
        .installTemplates(); // this distribution takes roles from a file only
  }

  void deleteTemplate() throws InterruptedException {
    insist("DELETE", "/_index_template/bitacora-audit", "");
  }

  /** Forbids or permits writing to what this names; none is no trouble. */
  void block(String indices, boolean blocked) throws InterruptedException {
    insist(
        "PUT",
        "/" + indices + "/_settings?allow_no_indices=true&ignore_unavailable=true",
        "{\"index.blocks.write\":" + blocked + "}");
  }

  /** Stores the document again, under another id. */
  void duplicate(Document document) throws InterruptedException {
    try {
      Map<String, Object> found = ask("GET", "/" + document.index() + "/_doc/" + document.id(), "");
      insist(
          "PUT",
          "/" + document.index() + "/_doc/copy-of-" + document.id(),
          JsonWriter.toText(found.get("_source")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything that is durable can be found from now on. */
  void refresh() throws IOException, InterruptedException {
    ask("POST", "/audit-*/_refresh", "");
  }

  /** How many documents there are of each query. */
  Map<String, Long> count(Map<String, Object> queries) throws IOException, InterruptedException {
    Map<String, Object> answer =
        ask(
            "POST",
            "/audit-*/_search?allow_partial_search_results=false",
            JsonWriter.toText(
                Map.of(
                    "size",
                    0,
                    "aggs",
                    Map.of("counts", Map.of("filters", Map.of("filters", queries))))));
    Map<String, Long> counts = new LinkedHashMap<>();
    queries.keySet().forEach(name -> counts.put(name, 0L));
    Map<?, ?> aggregations = (Map<?, ?>) answer.get("aggregations");
    if (aggregations == null) {
      return counts; // there is no index yet
    }
    Map<?, ?> buckets = (Map<?, ?>) ((Map<?, ?>) aggregations.get("counts")).get("buckets");
    buckets.forEach(
        (name, bucket) ->
            counts.put(
                (String) name, ((Number) ((Map<?, ?>) bucket).get("doc_count")).longValue()));
    return counts;
  }

  /** A document as far as it matters; two with the same event are one too many. */
  record Document(String index, String id, String event) {}

  /** Hands over each document that a query finds. */
  void read(Map<String, Object> query, Consumer<Document> documents) throws InterruptedException {
    try {
      refresh();
      String view = (String) ask("POST", "/audit-*/_pit?keep_alive=2m", "").get("id");
      List<?> page = page(query, view, List.of());
      while (!page.isEmpty()) {
        page.forEach(hit -> documents.accept(document((Map<?, ?>) hit)));
        page = page(query, view, (List<?>) ((Map<?, ?>) page.get(page.size() - 1)).get("sort"));
      }
      ask("DELETE", "/_pit", JsonWriter.toText(Map.of("id", view)));
    } catch (IOException e) {
      throw new UncheckedIOException("reading what is indexed", e);
    }
  }

  private List<?> page(Map<String, Object> query, String view, List<?> after)
      throws IOException, InterruptedException {
    Map<String, Object> search = new LinkedHashMap<>();
    search.put("size", PAGE);
    search.put("query", query);
    search.put("pit", Map.of("id", view, "keep_alive", "2m"));
    search.put("sort", List.of("_shard_doc"));
    search.put("_source", false);
    search.put("track_total_hits", false);
    search.put("docvalue_fields", List.of("event.id", "event.hash"));
    if (!after.isEmpty()) {
      search.put("search_after", after);
    }
    Map<?, ?> hits =
        (Map<?, ?>)
            ask("POST", "/_search?allow_partial_search_results=false", JsonWriter.toText(search))
                .get("hits");
    return (List<?>) hits.get("hits");
  }

  private static Document document(Map<?, ?> hit) {
    Map<?, ?> fields = (Map<?, ?>) hit.get("fields");
    return new Document(
        (String) hit.get("_index"),
        (String) hit.get("_id"),
        only(fields, "event.id") + "." + only(fields, "event.hash"));
  }

  private static Object only(Map<?, ?> fields, String name) {
    return ((List<?>) fields.get(name)).get(0);
  }

  /** Asks again while the node is away. */
  private void insist(String method, String path, String body) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        ask(method, path, body);
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("the node did not do as it was asked: " + e, e);
        }
        Thread.sleep(500);
      }
    }
  }

  /** One question; anything but a good answer is an exception. */
  private Map<String, Object> ask(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(node.url().resolve(path))
            .timeout(ANSWER)
            .header("Authorization", node.admin().basicAuthorization())
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    HttpResponse<byte[]> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() >= 300) {
      throw new IOException(method + " " + path + ": " + answer.statusCode());
    }
    try {
      return JsonTree.readObject(answer.body());
    } catch (MalformedJsonException e) {
      throw new IOException(method + " " + path + ": no JSON: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    node.close();
  }
}
