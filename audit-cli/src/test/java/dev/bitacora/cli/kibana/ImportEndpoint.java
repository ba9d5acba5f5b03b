package dev.bitacora.cli.kibana;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real HTTP server that speaks the two calls of Kibana's API as Kibana documents them: status,
 * and the import, which reads the uploaded file and reports on what it holds.
 */
final class ImportEndpoint implements AutoCloseable {
  private static final Pattern FILE =
      Pattern.compile(
          "(?s)--([^\r\n]+)\r\n.*?name=\"file\"; filename=\"[^\"]+\\.ndjson\".*?\r\n\r\n(.*)\r\n--\\1--\r\n");

  private final HttpServer server;
  private final String basePath;
  private final Deque<Answer> statuses = new ArrayDeque<>();
  private final List<Map<String, Object>> imported = new ArrayList<>();
  private final List<String> authorizations = new ArrayList<>();
  private Answer importAnswer;

  /** A prepared answer. */
  record Answer(int status, String body) {}

  private ImportEndpoint(String basePath) throws IOException {
    this.basePath = basePath;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(basePath + "/api/status", this::status);
    server.createContext(basePath + "/api/saved_objects/_import", this::importFile);
    server.start();
  }

  static ImportEndpoint start() throws IOException {
    return new ImportEndpoint("");
  }

  static ImportEndpoint startUnder(String basePath) throws IOException {
    return new ImportEndpoint(basePath);
  }

  /** What a look at the status sees; the last one stays. */
  ImportEndpoint showing(int status, String body) {
    statuses.add(new Answer(status, body));
    return this;
  }

  ImportEndpoint available(String version) {
    return showing(200, statusBody("available", version));
  }

  /** Answers the import with this instead of importing. */
  ImportEndpoint refusingImport(int status, String body) {
    importAnswer = new Answer(status, body);
    return this;
  }

  static String statusBody(String level, String version) {
    return JsonWriter.toText(
        Map.of(
            "version", Map.of("number", version),
            "status", Map.of("overall", Map.of("level", level, "summary", "…"))));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + basePath);
  }

  synchronized List<Map<String, Object>> imported() {
    return List.copyOf(imported);
  }

  synchronized List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  private synchronized void status(HttpExchange exchange) throws IOException {
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    answer(exchange, statuses.size() > 1 ? statuses.remove() : statuses.element());
  }

  private synchronized void importFile(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    Matcher upload = FILE.matcher(new String(body, StandardCharsets.UTF_8));
    if (exchange.getRequestHeaders().getFirst("kbn-xsrf") == null) {
      answer(exchange, new Answer(400, "Request must contain a kbn-xsrf header."));
    } else if (!"overwrite=true".equals(exchange.getRequestURI().getQuery())) {
      answer(exchange, new Answer(400, "the objects exist already"));
    } else if (!upload.matches()
        || !type.equals("multipart/form-data; boundary=" + upload.group(1))) {
      answer(exchange, new Answer(415, "no file in a multipart form"));
    } else if (importAnswer != null) {
      answer(exchange, importAnswer);
    } else {
      answer(exchange, read(upload.group(2)));
    }
  }

  private Answer read(String ndjson) {
    try {
      List<String> lines = ndjson.lines().toList();
      for (String line : lines) {
        imported.add(JsonTree.readObject(line.getBytes(StandardCharsets.UTF_8)));
      }
      return new Answer(
          200, JsonWriter.toText(Map.of("success", true, "successCount", lines.size())));
    } catch (MalformedJsonException e) {
      return new Answer(400, e.getMessage());
    }
  }

  private static void answer(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
