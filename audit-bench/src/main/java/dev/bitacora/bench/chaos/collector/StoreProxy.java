package dev.bitacora.bench.chaos.collector;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between the collectors and the node, and lets happen what happens there: answers are
 * changed, late, or none. Several things may be wrong at a time. Safe for any thread.
 */
final class StoreProxy implements AutoCloseable {
  private static final List<String> HEADERS = List.of("Content-Type", "Accept", "Authorization");

  /** Some bulks come through, as they do when something is half broken. */
  private static final int PERCENT_TAMPERED = 70;

  private final URI node;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "store-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private final HttpServer server;
  private final Random random;
  private final List<Tampering> tamperings = new CopyOnWriteArrayList<>();
  private final Map<Tampering, Integer> touched = new ConcurrentHashMap<>();
  private final AtomicInteger absences = new AtomicInteger();
  private volatile Duration delay = Duration.ZERO;

  StoreProxy(URI node, long seed) throws IOException {
    this.node = node;
    this.random = new Random(seed);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void begin(Tampering tampering) {
    tamperings.add(tampering);
  }

  void end(Tampering tampering) {
    tamperings.remove(tampering);
  }

  /** How many bulks have felt it. */
  int touched(Tampering tampering) {
    return touched.getOrDefault(tampering, 0);
  }

  /** Until {@link #comeBack}, as often as it was called, nobody gets an answer. */
  void goAway() {
    absences.incrementAndGet();
  }

  void comeBack() {
    absences.decrementAndGet();
  }

  /** Each bulk waits so long before it goes on. */
  void delay(Duration time) {
    delay = time;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Leaving without an answer closes the connection. */
  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (absences.get() > 0) {
        return;
      }
      Optional<Reply> reply =
          exchange.getRequestURI().getPath().endsWith("/_bulk")
              ? bulk(exchange, body)
              : Optional.of(forward(exchange, body));
      if (reply.isPresent() && absences.get() == 0) {
        send(exchange, reply.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", reply.type());
    exchange.getResponseHeaders().set("X-Elastic-Product", "Elasticsearch");
    boolean hasBody = reply.body().length > 0 && !exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(reply.status(), hasBody ? reply.body().length : -1);
    if (hasBody) {
      exchange.getResponseBody().write(reply.body());
    }
  }

  private Optional<Reply> bulk(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    Thread.sleep(delay.toMillis());
    List<Tampering> present = List.copyOf(tamperings);
    if (present.isEmpty() || random.nextInt(100) >= PERCENT_TAMPERED) {
      return Optional.of(forward(exchange, body));
    }
    Tampering tampering = present.get(random.nextInt(present.size()));
    Bulk bulk = new Bulk(body, part -> forward(exchange, part), new Random(random.nextLong()));
    Optional<Reply> reply = tampering.answer(bulk);
    touched.merge(tampering, 1, Integer::sum);
    return reply;
  }

  private Reply forward(HttpExchange exchange, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(node.resolve(exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    for (String header : HEADERS) {
      String value = exchange.getRequestHeaders().getFirst(header);
      if (value != null) {
        request.header(header, value);
      }
    }
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      String type = response.headers().firstValue("content-type").orElse("text/plain");
      return new Reply(response.statusCode(), type, response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
