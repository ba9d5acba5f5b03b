package dev.bitacora.store.elasticsearch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Stands between the store and the real node and changes the answers to bulks. */
final class TamperingProxy implements AutoCloseable {
  /** An answer on its way back. */
  record Answer(int status, String type, String body) {
    Answer withBody(String other) {
      return new Answer(status, type, other);
    }
  }

  private static final String FORBIDDEN =
      "{\"error\":{\"type\":\"security_exception\",\"reason\":\"not authorized\"},\"status\":403}";

  private final URI node;
  private final UnaryOperator<Answer> tampering;
  private final Consumer<String> before;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final HttpServer server;
  private volatile String forbidden = "nothing";

  TamperingProxy(URI node, UnaryOperator<Answer> tampering) throws IOException {
    this(node, tampering, request -> {});
  }

  /**
   * @param before is told of each request before it goes on, {@code PUT /index}
   */
  TamperingProxy(URI node, UnaryOperator<Answer> tampering, Consumer<String> before)
      throws IOException {
    this.node = node;
    this.tampering = tampering;
    this.before = before;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  ElasticsearchConfig config() {
    return ElasticsearchConfig.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  /** From now on who asks for a path that ends like this is told that he may not. */
  void forbid(String end) {
    forbidden = end;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      before.accept(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
      Answer answer =
          exchange.getRequestURI().getPath().endsWith(forbidden)
              ? new Answer(403, "application/json", FORBIDDEN)
              : forward(exchange);
      if (exchange.getRequestURI().getPath().equals("/_bulk")) {
        answer = tampering.apply(answer);
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      exchange.getResponseHeaders().set("X-Elastic-Product", "Elasticsearch");
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Answer forward(HttpExchange exchange) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(node.resolve(exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String header : new String[] {"Content-Type", "Accept"}) {
      String value = exchange.getRequestHeaders().getFirst(header);
      if (value != null) {
        request.header(header, value);
      }
    }
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      String type = response.headers().firstValue("content-type").orElse("text/plain");
      return new Answer(response.statusCode(), type, response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
