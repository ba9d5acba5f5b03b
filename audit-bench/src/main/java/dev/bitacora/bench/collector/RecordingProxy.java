package dev.bitacora.bench.collector;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Between a collector and Elasticsearch: keeps the bulks that were answered, each in a file. */
final class RecordingProxy implements AutoCloseable {
  /** What every bulk was sent as. */
  static final String CONTENT_TYPE = "application/vnd.elasticsearch+json; compatible-with=8";

  private static final Set<String> NOT_PASSED_ON =
      Set.of("content-length", "connection", "transfer-encoding", "host", "expect", "upgrade");
  private static final int OK = 200;
  private static final int BAD_GATEWAY = 502;

  private final URI server;
  private final Path folder;
  private final HttpServer proxy;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger bulks = new AtomicInteger();

  /**
   * Listens.
   *
   * @param folder where bulks are kept
   */
  RecordingProxy(URI server, Path folder) throws IOException {
    this.server = server;
    this.folder = folder;
    proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.setExecutor(threads);
    proxy.createContext("/", this::handle);
    proxy.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + proxy.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      HttpResponse<byte[]> answer =
          client.send(request(exchange, body), BodyHandlers.ofByteArray());
      if (exchange.getRequestURI().getPath().endsWith("/_bulk") && answer.statusCode() == OK) {
        Files.write(folder.resolve("%06d.bulk".formatted(bulks.incrementAndGet())), body);
      }
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!NOT_PASSED_ON.contains(name)) {
                  exchange.getResponseHeaders().put(name, values);
                }
              });
      boolean hasBody = answer.body().length > 0;
      exchange.sendResponseHeaders(answer.statusCode(), hasBody ? answer.body().length : -1);
      if (hasBody) {
        exchange.getResponseBody().write(answer.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.sendResponseHeaders(BAD_GATEWAY, -1);
    }
  }

  private HttpRequest request(HttpExchange exchange, byte[] body) {
    URI path = exchange.getRequestURI();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path.toString()))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return request.build();
  }

  @Override
  public void close() {
    proxy.stop(0);
    threads.shutdownNow();
  }
}
