package dev.bitacora.cli.kibana;

import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.core.tls.TrustedCertificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** The two calls of Kibana's API that are needed. Answers that do not help become a sentence. */
final class KibanaClient {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final int SHOWN_CHARACTERS = 300;

  private final String base;
  private final KibanaLogin login;
  private final HttpClient http;

  KibanaClient(URI url, KibanaLogin login, Optional<Path> ca) throws KibanaException {
    this.base = url.toString().replaceAll("/+$", "");
    this.login = login;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_LIMIT);
    if (ca.isPresent()) {
      builder.sslContext(trusted(ca.get()));
    }
    this.http = builder.build();
  }

  private static SSLContext trusted(Path ca) throws KibanaException {
    try {
      return TrustedCertificates.contextFor(ca);
    } catch (IOException e) {
      throw new KibanaException("the authority of Kibana's certificate: " + e.getMessage(), e);
    }
  }

  /** The address of a page of Kibana. */
  String address(String path) {
    return base + path;
  }

  /**
   * Looks until Kibana says that it is available, and returns its version. A Kibana that starts is
   * waited for; an address where nobody answers is not.
   */
  String awaitAvailable(Duration patience, Duration pause) throws KibanaException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      HttpResponse<byte[]> answer = send(request("/api/status").GET().build());
      String level = "starting";
      if (answer.statusCode() == 200) {
        Map<String, Object> status = object(answer);
        level = text(status, "status", "overall", "level");
        if (level.equals("available")) {
          return text(status, "version", "number");
        }
      } else if (answer.statusCode() != 503) {
        throw refusal(answer, "/api/status");
      }
      if (System.nanoTime() - deadline > 0) {
        throw new KibanaException(
            "Kibana at "
                + base
                + " is \""
                + level
                + "\" and not available after "
                + patience.toSeconds()
                + " s; see its log, then repeat");
      }
      sleep(pause);
    }
  }

  /** Imports, overwriting objects of the same id, and returns Kibana's report. */
  Map<String, Object> importObjects(byte[] ndjson) throws KibanaException {
    String path = "/api/saved_objects/_import?overwrite=true";
    String boundary = "bitacora-" + UUID.randomUUID();
    HttpRequest request =
        request(path)
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(BodyPublishers.ofByteArray(multipart(boundary, ndjson)))
            .build();
    HttpResponse<byte[]> answer = send(request);
    if (answer.statusCode() != 200) {
      throw refusal(answer, path);
    }
    return object(answer);
  }

  private static byte[] multipart(String boundary, byte[] file) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    String head =
        "--"
            + boundary
            + "\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"bitacora.ndjson\"\r\n"
            + "Content-Type: application/ndjson\r\n\r\n";
    body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(file);
    body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return body.toByteArray();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(ANSWER_LIMIT)
            .header("kbn-xsrf", "bitacora");
    login.authorization().ifPresent(value -> builder.header("Authorization", value));
    return builder;
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws KibanaException {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (SSLException e) {
      throw new KibanaException(
          "Kibana at "
              + base
              + " shows a certificate that is not trusted ("
              + e.getMessage()
              + "); give the PEM file of its authority",
          e);
    } catch (IOException e) {
      String cause = e instanceof ConnectException ? "nobody answers there" : e.toString();
      throw new KibanaException(
          "Kibana at "
              + base
              + " cannot be reached ("
              + cause
              + "); start it, or correct the address",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KibanaException("interrupted while waiting for Kibana at " + base, e);
    }
  }

  private KibanaException refusal(HttpResponse<byte[]> answer, String path) {
    String whoAndWhere = "Kibana at " + base + " answers " + answer.statusCode() + " to " + path;
    return new KibanaException(
        switch (answer.statusCode()) {
          case 401 -> whoAndWhere + ": wrong user, password or API key; correct them";
          case 403 ->
              whoAndWhere
                  + ": the user may not manage saved objects; give it the role kibana_admin";
          case 404 ->
              whoAndWhere + ": no Kibana there; add its base path to the address if it has one";
          default -> whoAndWhere + ": " + shown(answer);
        });
  }

  private Map<String, Object> object(HttpResponse<byte[]> answer) throws KibanaException {
    try {
      return JsonTree.readObject(answer.body());
    } catch (MalformedJsonException e) {
      throw new KibanaException(
          "what answers at " + base + " is no Kibana (" + e.getMessage() + "); correct the address",
          e);
    }
  }

  private static String text(Map<String, Object> object, String... path) {
    Object value = object;
    for (String name : path) {
      value = value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return value instanceof String text ? text : "unknown";
  }

  /** The server's own words on one line, without what a terminal would obey. */
  private static String shown(HttpResponse<byte[]> answer) {
    String body = new String(answer.body(), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}+", " ");
    return body.length() <= SHOWN_CHARACTERS ? body : body.substring(0, SHOWN_CHARACTERS) + "…";
  }

  private void sleep(Duration pause) throws KibanaException {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KibanaException("interrupted while waiting for Kibana at " + base, e);
    }
  }
}
