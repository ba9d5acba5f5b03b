package dev.bitacora.store.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.TransportOptions;
import co.elastic.clients.transport.rest_client.RestClientOptions;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bitacora.core.tls.TrustedCertificates;
import dev.bitacora.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.message.BasicHeader;
import org.elasticsearch.client.HttpAsyncResponseConsumerFactory.HeapBufferedResponseConsumerFactory;
import org.elasticsearch.client.RequestOptions;
import org.elasticsearch.client.RestClient;
import org.elasticsearch.client.RestClientBuilder;

/** The client, opened without asking the server anything. Safe for any thread. */
final class Connection implements AutoCloseable {
  /** An answer larger than this is refused, so that it cannot fill the heap. */
  static final int MAX_ANSWER_BYTES = 32 * 1024 * 1024;

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration READ_LIMIT = Duration.ofSeconds(20);
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(60);

  /** For bulks: a slow answer is better than a repeated bulk. */
  static final RequestOptions BULK =
      waiting(WRITE_LIMIT).toBuilder()
          .addHeader("Accept", "application/vnd.elasticsearch+json; compatible-with=8")
          .build();

  private final RestClient rest;
  private final ElasticsearchClient reading;
  private final ElasticsearchClient writing;

  private Connection(RestClient rest) {
    this.rest = rest;
    ObjectMapper json =
        new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    this.reading =
        new ElasticsearchClient(
            new RestClientTransport(
                rest,
                new JacksonJsonpMapper(json),
                new RestClientOptions(waiting(READ_LIMIT), false)));
    this.writing =
        reading.withTransportOptions(
            (TransportOptions) new RestClientOptions(waiting(WRITE_LIMIT), false));
  }

  /**
   * Prepares a client; connects to nothing.
   *
   * @throws StoreException when the CA file cannot be used
   */
  static Connection open(ElasticsearchConfig config) {
    HttpHost[] hosts =
        config.urls().stream()
            .map(url -> new HttpHost(url.getHost(), ElasticsearchConfig.port(url), url.getScheme()))
            .toArray(HttpHost[]::new);
    RestClientBuilder builder = RestClient.builder(hosts);
    config
        .authorization()
        .ifPresent(
            header ->
                builder.setDefaultHeaders(new Header[] {new BasicHeader("Authorization", header)}));
    Optional<SSLContext> tls = config.caFile().map(unused -> trusting(config));
    builder.setHttpClientConfigCallback(
        client -> {
          tls.ifPresent(client::setSSLContext);
          // We authenticate with a header; the cache deserializes an object for each request.
          return client.disableAuthCaching();
        });
    return new Connection(builder.build());
  }

  /** For questions: an answer is due in seconds. */
  ElasticsearchClient reading() {
    return reading;
  }

  /** For deletions: a slow answer is better than a repeated one. */
  ElasticsearchClient writing() {
    return writing;
  }

  /** For bodies that are sent as they are. */
  RestClient rest() {
    return rest;
  }

  @Override
  public void close() {
    try {
      rest.close();
    } catch (IOException e) {
      throw new StoreException("Elasticsearch: closing the client failed: " + e, e);
    }
  }

  private static SSLContext trusting(ElasticsearchConfig config) {
    try {
      return TrustedCertificates.contextFor(config.caFile().orElseThrow());
    } catch (IOException e) {
      throw new StoreException("Elasticsearch: the CA file cannot be read: " + e.getMessage(), e);
    }
  }

  private static RequestOptions waiting(Duration limit) {
    return RequestOptions.DEFAULT.toBuilder()
        .setRequestConfig(
            RequestConfig.custom()
                .setConnectTimeout((int) CONNECT_LIMIT.toMillis())
                .setSocketTimeout((int) limit.toMillis())
                .build())
        .setHttpAsyncResponseConsumerFactory(
            new HeapBufferedResponseConsumerFactory(MAX_ANSWER_BYTES))
        .build();
  }
}
