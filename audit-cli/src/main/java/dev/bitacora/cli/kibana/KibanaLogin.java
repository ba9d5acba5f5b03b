package dev.bitacora.cli.kibana;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * As whom to speak to Kibana: the same people and API keys as Elasticsearch's. Immutable; {@code
 * toString()} shows no secret.
 */
public final class KibanaLogin {
  private final String authorization;

  private KibanaLogin(String authorization) {
    this.authorization = authorization;
  }

  /** For a Kibana without security. */
  public static KibanaLogin none() {
    return new KibanaLogin("");
  }

  public static KibanaLogin user(String name, String password) {
    byte[] pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new KibanaLogin("Basic " + Base64.getEncoder().encodeToString(pair));
  }

  /** An API key in its encoded form. */
  public static KibanaLogin apiKey(String encoded) {
    return new KibanaLogin("ApiKey " + encoded);
  }

  /** The value of the header {@code Authorization}. */
  Optional<String> authorization() {
    return authorization.isEmpty() ? Optional.empty() : Optional.of(authorization);
  }

  @Override
  public String toString() {
    return authorization.isEmpty() ? "nobody" : "********";
  }
}
