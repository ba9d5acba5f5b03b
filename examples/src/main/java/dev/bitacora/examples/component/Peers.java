package dev.bitacora.examples.component;

import dev.bitacora.agent.context.AuditContext;
import dev.bitacora.agent.context.User;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.examples.web.Answer;
import dev.bitacora.examples.web.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/**
 * The components that a component calls. Each call carries on the trace and names the user for whom
 * it is made. A peer that cannot be reached answers 503. Safe for any thread.
 */
public final class Peers {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final Map<String, URI> addresses;

  Peers(Map<String, URI> addresses) {
    this.addresses = addresses;
  }

  public Answer get(String peer, String path) {
    return send(peer, path, "GET", BodyPublishers.noBody());
  }

  public Answer delete(String peer, String path) {
    return send(peer, path, "DELETE", BodyPublishers.noBody());
  }

  public Answer put(String peer, String path, Map<String, Object> body) {
    return send(peer, path, "PUT", json(body));
  }

  public Answer post(String peer, String path, Map<String, Object> body) {
    return send(peer, path, "POST", json(body));
  }

  /** Sends text as it is. */
  public Answer postText(String peer, String path, String text) {
    return send(peer, path, "POST", BodyPublishers.ofString(text));
  }

  private static HttpRequest.BodyPublisher json(Map<String, Object> body) {
    return BodyPublishers.ofByteArray(JsonWriter.toBytes(body));
  }

  private Answer send(String peer, String path, String method, HttpRequest.BodyPublisher body) {
    URI address = addresses.get(peer);
    if (address == null) {
      return Answer.of(503, "no peer called " + peer);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE).method(method, body);
    AuditContext.current()
        .actor()
        .map(User::id)
        .ifPresent(id -> request.header(WebServer.USER, id));
    try {
      HttpResponse<byte[]> response =
          CLIENT.send(AuditContext.propagate(request).build(), BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), JsonTree.readObject(response.body()));
    } catch (IOException | MalformedJsonException e) {
      return Answer.of(503, peer + " does not answer: " + e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.of(503, "interrupted while waiting for " + peer);
    }
  }
}
