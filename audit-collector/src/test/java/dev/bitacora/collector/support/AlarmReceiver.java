package dev.bitacora.collector.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bitacora.collector.webhook.WebhookAddress;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that takes alerts, refuses them, lets people wait, goes and comes back. */
public final class AlarmReceiver implements AutoCloseable {
  private final List<List<Map<String, Object>>> requests = new CopyOnWriteArrayList<>();
  private final List<Optional<String>> authorizations = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private int port;
  private volatile int status = 200;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  public AlarmReceiver() throws IOException {
    start();
  }

  /** Comes (back), on the same port. */
  public void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10);
    port = server.getAddress().getPort();
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  /** Goes: connections are refused. */
  public void stop() {
    gate.countDown();
    server.stop(0);
  }

  public void answerWith(int code) {
    status = code;
  }

  /** Nobody gets an answer before {@link #letGo}. */
  public void hold() {
    gate = new CountDownLatch(1);
  }

  public void letGo() {
    gate.countDown();
  }

  public WebhookAddress address() {
    return WebhookAddress.parse("http://127.0.0.1:" + port + "/hook").get(0);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The alerts of each request, in order. */
  public List<List<Map<String, Object>>> requests() {
    return requests;
  }

  /** The alerts of all requests. */
  public List<Map<String, Object>> alerts() {
    List<Map<String, Object>> all = new ArrayList<>();
    requests.forEach(all::addAll);
    return all;
  }

  public List<Optional<String>> authorizations() {
    return authorizations;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      gate.await();
      if (status < 300) {
        requests.add(alerts(body));
        authorizations.add(
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")));
      }
      exchange.sendResponseHeaders(status, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("unchecked") // an array of objects, or the test fails
  private static List<Map<String, Object>> alerts(byte[] body) throws IOException {
    try {
      return (List<Map<String, Object>>) JsonTree.read(body);
    } catch (MalformedJsonException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    stop();
    threads.shutdownNow();
  }
}
