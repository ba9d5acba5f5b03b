package dev.bitacora.examples.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.InvalidEventException;
import dev.bitacora.core.wire.BatchFormat;
import dev.bitacora.core.wire.MalformedRecordException;
import dev.bitacora.core.wire.WireRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** A real HTTP server with the intake's endpoint, which keeps events by their ids. */
public final class Intake implements AutoCloseable {
  private final HttpServer server;
  private final Path spool;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final Map<String, byte[]> values = new ConcurrentHashMap<>();

  public Intake() {
    try {
      spool = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "spool");
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/api/v1/intake", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** The agent's settings for sending here. */
  public Map<String, String> variables() {
    return Map.of(
        "BITACORA_URL",
        "http://127.0.0.1:" + server.getAddress().getPort(),
        "BITACORA_SPOOL_DIR",
        spool.toString());
  }

  /** The bytes of every record by event id. */
  public Map<String, byte[]> values() {
    return Map.copyOf(values);
  }

  /** Everything that arrived, control records excepted. */
  public List<AuditEvent> events() {
    return values.values().stream()
        .map(Intake::parse)
        .filter(event -> event.dataset() != Dataset.CONTROL)
        .toList();
  }

  public List<AuditEvent> events(String action) {
    return events().stream()
        .filter(event -> event.text("event.action").equals(Optional.of(action)))
        .toList();
  }

  private static AuditEvent parse(byte[] value) {
    try {
      return AuditEvent.parse(value);
    } catch (InvalidEventException e) {
      throw new AssertionError(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      List<WireRecord> batch =
          BatchFormat.read(new GZIPInputStream(exchange.getRequestBody()).readAllBytes());
      batch.forEach(record -> values.put(record.position().eventId(), record.value()));
      long last = batch.get(batch.size() - 1).position().sequence();
      byte[] answer = ("{\"acknowledgedThrough\":" + last + "}").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (MalformedRecordException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
