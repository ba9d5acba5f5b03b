package dev.bitacora.store.elasticsearch;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where Elasticsearch is and who we are there.
 *
 * @param urls nodes of one cluster, {@code https://host:9200}
 * @param authorization the {@code Authorization} header; none by default
 * @param caFile PEM certificates of the authority that signed the nodes' certificates; by default
 *     the JVM's authorities are trusted
 */
public record ElasticsearchConfig(
    List<URI> urls, Optional<String> authorization, Optional<Path> caFile) {
  public ElasticsearchConfig {
    urls = List.copyOf(urls);
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("Elasticsearch: at least one URL is required");
    }
    for (URI url : urls) {
      boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (!web || url.getHost() == null) {
        throw new IllegalArgumentException(
            "Elasticsearch: expected a URL like https://host:9200, found " + url);
      }
    }
  }

  /** Without a user, as a node without security wants it. */
  public static ElasticsearchConfig of(URI url) {
    return new ElasticsearchConfig(List.of(url), Optional.empty(), Optional.empty());
  }

  /** The same as this user. */
  public ElasticsearchConfig withUser(String name, String password) {
    byte[] pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return withAuthorization("Basic " + Base64.getEncoder().encodeToString(pair));
  }

  /** The same with an API key as Elasticsearch encodes it. */
  public ElasticsearchConfig withApiKey(String encoded) {
    return withAuthorization("ApiKey " + encoded);
  }

  /** The same, trusting these authorities and no others. */
  public ElasticsearchConfig withCaFile(Path pem) {
    return new ElasticsearchConfig(urls, authorization, Optional.of(pem));
  }

  private ElasticsearchConfig withAuthorization(String header) {
    return new ElasticsearchConfig(urls, Optional.of(header), caFile);
  }

  /** For messages: the URLs, without credentials. */
  String where() {
    return urls.stream()
        .map(url -> url.getScheme() + "://" + url.getHost() + ":" + port(url))
        .collect(Collectors.joining(", "));
  }

  static int port(URI url) {
    return url.getPort() >= 0 ? url.getPort() : 9200;
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "ElasticsearchConfig["
        + where()
        + authorization.map(header -> ", " + header.substring(0, header.indexOf(' '))).orElse("")
        + "]";
  }
}
