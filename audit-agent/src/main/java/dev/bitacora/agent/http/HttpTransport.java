package dev.bitacora.agent.http;

import dev.bitacora.agent.transport.DeliveryFailure;
import dev.bitacora.agent.transport.Transport;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.core.wire.BatchFormat;
import dev.bitacora.core.wire.WireRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * One request at a time, as the intake asks of a stream. The caller's thread waits for the answer:
 * what the JDK's client completes elsewhere it completes on the common pool, and a component may
 * keep all of that pool's threads waiting.
 */
final class HttpTransport implements Transport {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(1);

  private final HttpClient client;
  private final HttpRequest.Builder request;
  private final String destination;

  HttpTransport(HttpClient client, URI endpoint, Optional<String> token, String destination) {
    this.client = client;
    this.destination = destination;
    this.request =
        HttpRequest.newBuilder(endpoint)
            .timeout(TIMEOUT)
            .header("Content-Type", BatchFormat.MEDIA_TYPE)
            .header("Content-Encoding", "gzip");
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
  }

  @Override
  public int pipelineDepth() {
    return 1;
  }

  @Override
  public CompletableFuture<Long> send(List<WireRecord> records) throws DeliveryFailure {
    byte[] body = gzip(BatchFormat.write(records));
    try {
      return CompletableFuture.completedFuture(
          acknowledgedThrough(
              client.send(
                  request.POST(BodyPublishers.ofByteArray(body)).build(),
                  BodyHandlers.ofByteArray())));
    } catch (IOException e) {
      throw DeliveryFailure.retry(destination + " was not reached: " + describe(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever waits for the answer ends
      return new CompletableFuture<>();
    }
  }

  private static String describe(Throwable cause) {
    // The JDK's "connection refused" comes without any message.
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private Long acknowledgedThrough(HttpResponse<byte[]> response) throws DeliveryFailure {
    int status = response.statusCode();
    if (status == 200) {
      return readAcknowledgement(response.body());
    }
    String message = destination + " answered " + status + detail(response.body());
    if (status == 429 || status == 408 || status >= 500) {
      throw DeliveryFailure.retry(message, retryAfter(response));
    }
    throw DeliveryFailure.hold(message + advice(status), null);
  }

  private static String advice(int status) {
    return switch (status) {
      case 401 -> ": BITACORA_TOKEN is missing or not known there";
      case 403 -> ": BITACORA_TOKEN is not a component's token";
      case 404 -> ": BITACORA_URL has no intake";
      default -> "";
    };
  }

  private Long readAcknowledgement(byte[] body) throws DeliveryFailure {
    try {
      if (JsonTree.readObject(body).get("acknowledgedThrough") instanceof Long through) {
        return through;
      }
    } catch (MalformedJsonException e) {
      throw DeliveryFailure.hold(destination + " answered 200 and no JSON: no intake?", e);
    }
    throw DeliveryFailure.hold(
        destination + " answered 200 without acknowledgedThrough: no intake?", null);
  }

  /** The beginning of the answer's text: it says what is wrong, and is not ours to trust. */
  private static String detail(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}+", " ").strip();
    return text.isEmpty() ? "" : " (" + text.substring(0, Math.min(200, text.length())) + ")";
  }

  private static Optional<Duration> retryAfter(HttpResponse<byte[]> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,6}"))
        .map(value -> Math.min(Long.parseLong(value), LONGEST_RETRY_AFTER.toSeconds()))
        .map(Duration::ofSeconds);
  }

  private static byte[] gzip(byte[] batch) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(batch.length / 4 + 64);
    try (GZIPOutputStream gzip = new FastGzip(bytes)) {
      gzip.write(batch);
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory", impossible);
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    // nothing is on its way: the answer was waited for
  }

  /** Level 1: events repeat themselves so much that higher levels only cost time. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(ByteArrayOutputStream bytes) throws IOException {
      super(bytes, 8192);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
