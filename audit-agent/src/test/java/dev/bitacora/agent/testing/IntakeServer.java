package dev.bitacora.agent.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.InvalidEventException;
import dev.bitacora.core.wire.BatchFormat;
import dev.bitacora.core.wire.MalformedRecordException;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;

/** A real HTTP server with the intake's endpoint; keeps what it acknowledged, and can misbehave. */
public final class IntakeServer implements AutoCloseable {
  /** What to answer instead of accepting; null accepts. */
  public record Refusal(int status, Map<String, String> headers, String body) {}

  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<WireRecord> records = new ArrayList<>();
  private final ConcurrentLinkedQueue<Refusal> refusals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final String token;
  private final AtomicInteger takeOnly = new AtomicInteger(Integer.MAX_VALUE);
  private volatile boolean failing;
  private volatile boolean swallowing;

  public IntakeServer(String token) {
    this(token, 0);
  }

  /** At a port that was free before. */
  public IntakeServer(String token, int port) {
    this(token, port, Optional.empty());
  }

  /** With TLS, as whom the context says. */
  public IntakeServer(String token, SSLContext identity) {
    this(token, 0, Optional.of(identity));
  }

  private IntakeServer(String token, int port, Optional<SSLContext> identity) {
    this.token = token;
    this.scheme = identity.isPresent() ? "https" : "http";
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      if (identity.isPresent()) {
        HttpsServer secured = HttpsServer.create(address, 0);
        secured.setHttpsConfigurator(new HttpsConfigurator(identity.get()));
        server = secured;
      } else {
        server = HttpServer.create(address, 0);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    server.createContext("/api/v1/intake", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public URI url() {
    return URI.create(scheme + "://127.0.0.1:" + port());
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Answers the next request so. */
  public void refuseOnce(int status, Map<String, String> headers, String body) {
    refusals.add(new Refusal(status, headers, body));
  }

  /** Answers 503 until told otherwise. */
  public void failing(boolean failing) {
    this.failing = failing;
  }

  /** Keeps what it gets and answers 500, as when the answer is lost on its way. */
  public void swallowing(boolean swallowing) {
    this.swallowing = swallowing;
  }

  /** Takes no more than this many records of the next longer batch. */
  public void takeOnly(int records) {
    takeOnly.set(records);
  }

  public int requests() {
    return requests.get();
  }

  /** Every record acknowledged or swallowed, in the order of arrival, duplicates included. */
  public synchronized List<WireRecord> records() {
    return List.copyOf(records);
  }

  /** Each record once, by stream and number. */
  public List<WireRecord> distinct() {
    Map<String, WireRecord> byId = new TreeMap<>();
    records().forEach(record -> byId.putIfAbsent(record.position().eventId(), record));
    return List.copyOf(byId.values());
  }

  public List<AuditEvent> events(RecordKind kind) {
    return distinct().stream()
        .filter(record -> record.kind() == kind)
        .map(record -> parse(record.value()))
        .toList();
  }

  /** Passes the collector's own check, or the test fails. */
  public static AuditEvent parse(byte[] bytes) {
    try {
      return AuditEvent.parse(bytes);
    } catch (InvalidEventException e) {
      throw new AssertionError(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    byte[] body = new GZIPInputStream(exchange.getRequestBody()).readAllBytes();
    Refusal refusal = refusals.poll();
    if (refusal != null) {
      refusal.headers().forEach(exchange.getResponseHeaders()::set);
      answer(exchange, refusal.status(), refusal.body());
    } else if (!("Bearer " + token)
        .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 401, "who are you?");
    } else if (!BatchFormat.MEDIA_TYPE.equals(
        exchange.getRequestHeaders().getFirst("Content-Type"))) {
      answer(exchange, 415, "a batch is expected");
    } else if (failing) {
      answer(exchange, 503, "not now");
    } else {
      accept(exchange, body);
    }
  }

  private void accept(HttpExchange exchange, byte[] body) throws IOException {
    List<WireRecord> batch;
    try {
      batch = BatchFormat.read(body);
    } catch (MalformedRecordException e) {
      answer(exchange, 400, e.getMessage());
      return;
    }
    if (batch.size() > takeOnly.get()) {
      batch = batch.subList(0, takeOnly.getAndSet(Integer.MAX_VALUE));
    }
    synchronized (this) {
      records.addAll(batch);
    }
    long last = batch.get(batch.size() - 1).position().sequence();
    if (swallowing) {
      answer(exchange, 500, "lost");
    } else {
      answer(exchange, 200, "{\"acknowledgedThrough\":" + last + "}");
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
