package dev.bitacora.collector.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Where to send alarms, and how to prove that we may. Its path and its authorization may be
 * secrets: neither stands in {@link #name} or {@code toString()}, nor in what {@link #parse}
 * throws.
 *
 * @param uri without user information
 * @param authorization the header's value
 * @param name {@code host} or {@code host:port}
 */
public record WebhookAddress(URI uri, Optional<String> authorization, String name) {
  /** Alertmanager's path, for an address that has none. */
  public static final String ALERTMANAGER_PATH = "/api/v2/alerts";

  /**
   * Reads addresses that are separated by commas: {@code http(s)://[user:password@|token@]host…}. A
   * user with a password becomes Basic authorization, anything alone before the {@code @} a bearer
   * token; both percent-encoded where they hold what an address can not. Without a path {@link
   * #ALERTMANAGER_PATH} is meant.
   *
   * @throws IllegalArgumentException saying which of them is none
   */
  public static List<WebhookAddress> parse(String addresses) {
    List<WebhookAddress> parsed = new ArrayList<>();
    String[] parts = addresses.split(",", -1);
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i].strip();
      int number = i + 1;
      parsed.add(
          read(part)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "address "
                              + number
                              + " of "
                              + parts.length
                              + ": expected https://host, https://user:password@host/path or"
                              + " https://token@host/path, percent-encoded")));
    }
    return parsed;
  }

  private static Optional<WebhookAddress> read(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return http && uri.getHost() != null ? Optional.of(of(uri)) : Optional.empty();
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty(); // what it says would show the address and so the secret
    }
  }

  private static WebhookAddress of(URI uri) throws URISyntaxException {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String name = uri.getHost() + port;
    boolean hasPath = uri.getRawPath() != null && uri.getRawPath().length() > 1;
    String path = hasPath ? uri.getRawPath() : ALERTMANAGER_PATH;
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new WebhookAddress(
        new URI(uri.getScheme() + "://" + name + path + query),
        Optional.ofNullable(uri.getRawUserInfo()).map(WebhookAddress::authorization),
        name);
  }

  private static String authorization(String userInfo) {
    if (userInfo.indexOf(':') < 0) {
      return "Bearer " + decode(userInfo);
    }
    byte[] pair = decode(userInfo).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static String decode(String percentEncoded) {
    return URLDecoder.decode(percentEncoded.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  WebhookAddress named(String other) {
    return new WebhookAddress(uri, authorization, other);
  }

  @Override
  public String toString() {
    return name;
  }
}
