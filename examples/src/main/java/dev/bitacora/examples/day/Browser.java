package dev.bitacora.examples.day;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.examples.people.Person;
import dev.bitacora.examples.web.Answer;
import dev.bitacora.examples.web.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Sends requests to components, as people do and as the driver does. Safe for any thread. */
final class Browser {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration PROBE = Duration.ofSeconds(2);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  Answer get(URI component, String path, Optional<Person> person) {
    return send(request(component, path, person).GET());
  }

  /**
   * Asks without patience, for a component that may be stopping: a server that ends may leave a
   * request unanswered.
   */
  Answer probe(URI component, String path) {
    return send(request(component, path, Optional.empty()).timeout(PROBE).GET());
  }

  Answer post(URI component, String path, Map<String, Object> body, Optional<Person> person) {
    byte[] json = JsonWriter.toBytes(body);
    return send(request(component, path, person).POST(BodyPublishers.ofByteArray(json)));
  }

  Answer put(URI component, String path, Map<String, Object> body, Optional<Person> person) {
    byte[] json = JsonWriter.toBytes(body);
    return send(request(component, path, person).PUT(BodyPublishers.ofByteArray(json)));
  }

  private static HttpRequest.Builder request(URI component, String path, Optional<Person> person) {
    HttpRequest.Builder request = HttpRequest.newBuilder(component.resolve(path)).timeout(PATIENCE);
    person.ifPresent(
        p ->
            request
                .header(WebServer.USER, p.id())
                .header("X-Forwarded-For", addressOf(p))
                .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101"));
    return request;
  }

  /** Everybody has a desk, and it has an address of a network that is kept for documentation. */
  private static String addressOf(Person person) {
    return "203.0.113." + (10 + Math.floorMod(person.id().hashCode(), 200));
  }

  private Answer send(HttpRequest.Builder request) {
    HttpRequest built = request.build();
    try {
      HttpResponse<byte[]> response = client.send(built, BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), body(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(built.uri() + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(
          new java.io.InterruptedIOException("interrupted while waiting for " + built.uri()));
    }
  }

  private static Map<String, Object> body(byte[] bytes) {
    try {
      return JsonTree.readObject(bytes);
    } catch (MalformedJsonException e) {
      return Map.of(); // an error page of the server itself
    }
  }
}
