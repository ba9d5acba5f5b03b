package dev.bitacora.collector.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As much of Elasticsearch as the store's writer needs, in this process: templates, indices that
 * must be made, bulks in which a document that is there is refused with 409, and the two searches
 * of the check for forged ids. What it answered is durable at once, so a test can compare at any
 * moment. A {@link Trouble} changes what happens to bulks. Safe for any thread.
 */
public final class FakeElasticsearch implements AutoCloseable {
  private static final String JSON = "application/vnd.elasticsearch+json;compatible-with=9";
  private static final String META = "\"_meta\":{\"product\":\"bitacora\",\"version\":1}";

  private final Map<String, Map<String, Map<String, Object>>> indices = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger troubled = new AtomicInteger();
  private final HttpServer server;
  private volatile Trouble trouble = Trouble.NONE;
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean hasTemplate = true;

  public FakeElasticsearch() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** What an answer consists of. */
  public record Answer(int status, String type, String body) {
    public static Answer json(int status, Object body) {
      return new Answer(status, JSON, JsonWriter.toText(body));
    }

    public static Answer error(int status, String type) {
      return json(
          status, Map.of("error", Map.of("type", type, "reason", "trouble"), "status", status));
    }

    public static Answer html(int status) {
      return new Answer(status, "text/html", "<html><body>a proxy</body></html>");
    }
  }

  /** One action of a bulk. */
  public record Item(String index, String id, Map<String, Object> document) {}

  /** Something wrong with bulks. */
  public interface Trouble {
    Trouble NONE = new Trouble() {};

    /** Instead of writing; null when it is written. */
    default Answer instead() {
      return null;
    }

    /** An item that is not written, with this status and type of error. */
    default Optional<Map.Entry<Integer, String>> refusal(Item item) {
      return Optional.empty();
    }

    /** The answer after it was written; null closes the connection without one. */
    default Answer after(Answer answer) {
      return answer;
    }
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public void begin(Trouble what) {
    troubled.set(0);
    trouble = what;
  }

  public void end() {
    trouble = Trouble.NONE;
    hasTemplate = true;
  }

  /** Bulks that the present trouble has met. */
  public int troubled() {
    return troubled.get();
  }

  /** Each bulk takes so long. */
  public void delay(Duration time) {
    delay = time;
  }

  /** The template is gone, and the indices as well, until {@link #end}. */
  public void deleteTemplate() {
    hasTemplate = false;
  }

  /** Whether a document is durable, in whatever index. */
  public boolean holds(String id) {
    return indices.values().stream().anyMatch(index -> index.containsKey(id));
  }

  /** A document that is durable. */
  public Map<String, Object> document(String id) {
    return indices.values().stream()
        .filter(index -> index.containsKey(id))
        .findFirst()
        .orElseThrow()
        .get(id);
  }

  /** The ids of all documents, with those that stand in several indices several times. */
  public List<String> ids() {
    return indices.values().stream().flatMap(index -> index.keySet().stream()).toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      Answer answer =
          path.endsWith("/_bulk") ? bulk(body) : answer(exchange.getRequestMethod(), path, body);
      if (answer != null) {
        send(exchange, answer);
      }
    } catch (MalformedJsonException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.getResponseHeaders().set("X-Elastic-Product", "Elasticsearch");
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private Answer answer(String method, String path, byte[] body) throws MalformedJsonException {
    String[] parts = path.substring(1).split("/", -1);
    if (path.startsWith("/_component_template/")) {
      return template("component_templates", "component_template", parts[1], "\"template\":{}");
    } else if (path.startsWith("/_index_template/")) {
      return template(
          "index_templates",
          "index_template",
          parts[1],
          "\"index_patterns\":[],\"composed_of\":[]");
    } else if (path.endsWith("/_mapping")) {
      return new Answer(200, JSON, "{\"%s\":{\"mappings\":{%s}}}".formatted(parts[0], META));
    } else if (path.endsWith("/_refresh")) {
      return Answer.json(200, Map.of("_shards", Map.of("total", 1, "successful", 1, "failed", 0)));
    } else if (path.endsWith("/_search")) {
      return search(JsonTree.readObject(body));
    } else if (method.equals("PUT") && parts.length == 1) {
      return create(parts[0]);
    }
    return Answer.error(400, "nothing_here_knows_" + method + path);
  }

  private Answer template(String list, String kind, String name, String content) {
    if (!hasTemplate) {
      return Answer.error(404, "resource_not_found_exception");
    }
    return new Answer(
        200,
        JSON,
        "{\"%s\":[{\"name\":\"%s\",\"%s\":{%s,%s}}]}".formatted(list, name, kind, content, META));
  }

  private Answer create(String index) {
    return indices.putIfAbsent(index, new ConcurrentHashMap<>()) == null
        ? Answer.json(
            200, Map.of("acknowledged", true, "shards_acknowledged", false, "index", index))
        : Answer.error(400, "resource_already_exists_exception");
  }

  private Answer bulk(byte[] body) throws MalformedJsonException, InterruptedException {
    Thread.sleep(delay.toMillis());
    Trouble present = trouble;
    if (present != Trouble.NONE) {
      troubled.incrementAndGet();
    }
    Answer instead = present.instead();
    if (instead != null) {
      return instead;
    }
    List<Map<String, Object>> answers = new ArrayList<>();
    for (Item item : items(body)) {
      Optional<Map.Entry<Integer, String>> refusal = present.refusal(item);
      answers.add(
          refusal.isPresent()
              ? refused(item, refusal.get().getKey(), refusal.get().getValue())
              : write(item));
    }
    boolean errors = answers.stream().anyMatch(answer -> !answer.toString().contains("=201"));
    return present.after(Answer.json(200, Map.of("took", 1, "errors", errors, "items", answers)));
  }

  private static List<Item> items(byte[] body) throws MalformedJsonException {
    String[] lines = new String(body, StandardCharsets.UTF_8).split("\n", -1);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i + 1 < lines.length; i += 2) {
      Map<?, ?> action =
          (Map<?, ?>) JsonTree.readObject(lines[i].getBytes(StandardCharsets.UTF_8)).get("create");
      items.add(
          new Item(
              (String) action.get("_index"),
              (String) action.get("_id"),
              JsonTree.readObject(lines[i + 1].getBytes(StandardCharsets.UTF_8))));
    }
    return items;
  }

  /** A document that is too odd for an index is refused by what its details hold. */
  private Map<String, Object> write(Item item) {
    Map<String, Map<String, Object>> index = indices.get(item.index());
    if (index == null) {
      return refused(item, 404, "index_not_found_exception");
    }
    if (item.document().toString().contains("refuse-me")) {
      return refused(item, 400, "document_parsing_exception");
    }
    if (index.putIfAbsent(item.id(), item.document()) != null) {
      return refused(item, 409, "version_conflict_engine_exception");
    }
    return Map.of(
        "create",
        Map.of("_index", item.index(), "_id", item.id(), "status", 201, "result", "created"));
  }

  private static Map<String, Object> refused(Item item, int status, String type) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("_index", item.index());
    answer.put("_id", item.id());
    answer.put("status", status);
    answer.put("error", Map.of("type", type, "reason", "trouble"));
    return Map.of("create", answer);
  }

  /** Both searches ask for what has one of several values in one field. */
  private Answer search(Map<String, Object> request) {
    Map<?, ?> terms = (Map<?, ?>) ((Map<?, ?>) request.get("query")).get("terms");
    String field = (String) terms.keySet().iterator().next();
    List<?> wanted = (List<?>) terms.get(field);
    List<Map<String, Object>> hits = new ArrayList<>();
    Map<Object, Long> highest = new LinkedHashMap<>();
    indices.forEach(
        (name, index) ->
            index.forEach(
                (id, document) -> {
                  if (wanted.contains(document.get(field))) {
                    hits.add(Map.of("_index", name, "_id", id));
                    highest.merge(
                        document.get(field),
                        ((Number) document.get("event.sequence")).longValue(),
                        Math::max);
                  }
                }));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("took", 1);
    answer.put("timed_out", false);
    answer.put("_shards", Map.of("total", 1, "successful", 1, "failed", 0));
    answer.put("hits", Map.of("hits", request.containsKey("aggregations") ? List.of() : hits));
    answer.put("aggregations", Map.of("sterms#streams", Map.of("buckets", buckets(highest))));
    return Answer.json(200, answer);
  }

  private static List<Map<String, Object>> buckets(Map<Object, Long> highest) {
    return highest.entrySet().stream()
        .map(
            entry ->
                Map.<String, Object>of(
                    "key",
                    entry.getKey(),
                    "doc_count",
                    1,
                    "max#highest",
                    Map.of("value", entry.getValue())))
        .toList();
  }
}
