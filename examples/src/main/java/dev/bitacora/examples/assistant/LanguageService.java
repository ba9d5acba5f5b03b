package dev.bitacora.examples.assistant;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stand-in for somebody else's language service: of every forty requests one takes far too long
 * and two fail. It is no component of ours and records nothing.
 */
final class LanguageService implements AutoCloseable {
  private static final long USUAL_MILLIS = 2;
  private static final long SLOW_MILLIS = 600;

  static {
    // An answer is written in two pieces: of parallel calls every other one waited 40 ms for its
    // caller to acknowledge the first.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "language-service");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicLong requests = new AtomicLong();

  LanguageService() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("the stand-in language service: no port", e);
    }
    server.createContext("/completions", this::handle);
    server.setExecutor(later);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/completions");
  }

  /** Reads at once and answers later, without keeping a thread waiting. */
  private void handle(HttpExchange exchange) throws IOException {
    byte[] prompt = exchange.getRequestBody().readAllBytes();
    long number = requests.incrementAndGet();
    long delay = number % 40 == 7 ? SLOW_MILLIS : USUAL_MILLIS;
    boolean fails = number % 20 == 11;
    Future<?> unused =
        later.schedule(() -> answer(exchange, prompt, fails), delay, TimeUnit.MILLISECONDS);
  }

  private static void answer(HttpExchange exchange, byte[] prompt, boolean fails) {
    byte[] text =
        (fails ? "overloaded" : "In short: " + prompt.length + " characters about an invoice.")
            .getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(fails ? 503 : 200, text.length);
      exchange.getResponseBody().write(text);
    } catch (IOException e) {
      // the caller has lost patience, which is what a slow answer is for
    }
  }

  @Override
  public void close() {
    server.stop(0);
    later.shutdownNow();
  }
}
