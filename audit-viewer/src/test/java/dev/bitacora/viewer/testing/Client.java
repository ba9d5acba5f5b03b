package dev.bitacora.viewer.testing;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Talks HTTP to a viewer like a browser without a page: keeps cookies, follows nothing. */
public final class Client {
  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final Map<String, String> cookies = new LinkedHashMap<>();

  public Client(String base) {
    this.base = base;
  }

  /** What came back. */
  public record Answer(int status, String body, java.net.http.HttpHeaders headers) {
    public Map<String, Object> json() {
      try {
        return JsonTree.readObject(body.getBytes(StandardCharsets.UTF_8));
      } catch (MalformedJsonException e) {
        throw new AssertionError("not JSON: " + body, e);
      }
    }

    public String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  public Client withToken(String token) {
    return with("Authorization", "Bearer " + token);
  }

  public Client with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  public Map<String, String> cookies() {
    return cookies;
  }

  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  public Answer get(String path) {
    return send("GET", path, HttpRequest.BodyPublishers.noBody(), Map.of());
  }

  public Answer post(String path, Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        "POST",
        path,
        HttpRequest.BodyPublishers.ofString(body),
        Map.of("Content-Type", "application/x-www-form-urlencoded"));
  }

  public Answer post(String path, String contentType, String body) {
    return send(
        "POST",
        path,
        HttpRequest.BodyPublishers.ofString(body),
        Map.of("Content-Type", contentType));
  }

  public Answer send(
      String method, String path, HttpRequest.BodyPublisher body, Map<String, String> moreHeaders) {
    String url = path.startsWith("http") ? path : base + path;
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).method(method, body);
    headers.forEach(request::header);
    moreHeaders.forEach(request::header);
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(e -> e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining("; ")));
    }
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      response.headers().allValues("Set-Cookie").forEach(this::keep);
      return new Answer(response.statusCode(), response.body(), response.headers());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void keep(String setCookie) {
    String pair = setCookie.substring(0, setCookie.indexOf(';'));
    int equals = pair.indexOf('=');
    String value = pair.substring(equals + 1);
    if (value.isEmpty() || value.equals("\"\"")) {
      cookies.remove(pair.substring(0, equals));
    } else {
      cookies.put(pair.substring(0, equals), value);
    }
  }
}
