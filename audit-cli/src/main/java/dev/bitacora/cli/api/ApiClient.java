package dev.bitacora.cli.api;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Asks the viewer's API. Safe for any thread. */
public final class ApiClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient http;
  private final URI base;
  private final String token;

  /**
   * @param base the viewer's address, base path included
   * @param token of a reader
   */
  public ApiClient(HttpClient http, URI base, String token) {
    this.http = http;
    this.base = URI.create(base.toString().replaceAll("/+$", ""));
    this.token = token;
  }

  /**
   * The JSON object at a path, {@code /api/v1/events}; empty when there is none (404).
   *
   * @throws IOException when there is no answer, or another one; saying what to do
   */
  public Optional<Map<String, Object>> get(String path, Map<String, String> parameters)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path + query(parameters)))
            .header("Authorization", "Bearer " + token)
            .timeout(TIMEOUT)
            .build();
    HttpResponse<byte[]> response = send(request);
    return switch (response.statusCode()) {
      case 200 -> Optional.of(read(request, response));
      case 404 -> Optional.empty();
      case 401, 403 ->
          throw new IOException(
              base
                  + " does not accept the reader's token; make one with: bitacora token create --role reader");
      default ->
          throw new IOException(
              "GET "
                  + request.uri()
                  + " answered "
                  + response.statusCode()
                  + ": "
                  + text(response));
    };
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new IOException(
          "no answer from "
              + base
              + " ("
              + e
              + "); is the viewer running, and is --url its address?",
          e);
    }
  }

  private static Map<String, Object> read(HttpRequest request, HttpResponse<byte[]> response)
      throws IOException {
    try {
      return JsonTree.readObject(response.body());
    } catch (MalformedJsonException e) {
      throw new IOException(
          "GET " + request.uri() + " answered no JSON (" + e.getMessage() + "); is it Bitácora?",
          e);
    }
  }

  private static String text(HttpResponse<byte[]> response) {
    String text = new String(response.body(), StandardCharsets.UTF_8);
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }

  private static String query(Map<String, String> parameters) {
    return parameters.isEmpty()
        ? ""
        : parameters.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&", "?", ""));
  }
}
