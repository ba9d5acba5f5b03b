package dev.bitacora.collector.kafka;

import dev.bitacora.collector.watch.CertificateSource;
import dev.bitacora.collector.watch.CertificateSource.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How to reach Kafka: client properties as an operator gave them ({@code BITACORA_KAFKA_*}), plus
 * those on which correctness depends, which nobody can override.
 */
public final class KafkaConnection {
  /** The consumer group, unless {@code group.id} is given. */
  public static final String DEFAULT_GROUP = "bitacora-indexer";

  /** Dead letters may be as large as what a sender may send. */
  static final int MAX_MESSAGE_BYTES = 20 << 20;

  private static final int FETCH_BYTES = 8 << 20;

  /**
   * What a poll may decompress at once. A fetch is limited in compressed bytes, and an event is of
   * 64 KiB at most, so that these are 16 MiB; more at a time would not be faster, since polls that
   * find something fetched do not wait.
   */
  private static final String POLL_RECORDS = "250";

  private final Map<String, String> client;

  /**
   * Takes the properties without checking them.
   *
   * @param client Kafka client properties; {@code bootstrap.servers} is required
   */
  public KafkaConnection(Map<String, String> client) {
    if (client.getOrDefault("bootstrap.servers", "").isBlank()) {
      throw new IllegalArgumentException(
          "Kafka: bootstrap.servers is required; set BITACORA_KAFKA_BOOTSTRAP_SERVERS");
    }
    this.client = Map.copyOf(client);
  }

  /** The brokers' addresses, for messages. */
  String brokers() {
    return client.get("bootstrap.servers");
  }

  /** The files with certificates that the properties name. */
  public List<CertificateSource> certificates() {
    List<CertificateSource> sources = new ArrayList<>();
    source("ssl.keystore", Kind.SHOWN).ifPresent(sources::add);
    source("ssl.truststore", Kind.TRUSTED).ifPresent(sources::add);
    return sources;
  }

  private Optional<CertificateSource> source(String store, Kind kind) {
    return Optional.ofNullable(client.get(store + ".location"))
        .map(
            file ->
                new CertificateSource(
                    Path.of(file), Optional.ofNullable(client.get(store + ".password")), kind));
  }

  Properties admin() {
    Properties properties = given();
    properties.putIfAbsent("request.timeout.ms", "5000");
    properties.putIfAbsent("default.api.timeout.ms", "10000");
    return properties;
  }

  Properties consumer() {
    Properties properties = reader();
    properties.putIfAbsent(ConsumerConfig.GROUP_ID_CONFIG, DEFAULT_GROUP);
    properties.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
    return properties;
  }

  /** A consumer without a group. */
  Properties reader() {
    Properties properties = given();
    properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(FETCH_BYTES));
    properties.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
    properties.putIfAbsent(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
    return properties;
  }

  Properties producer() {
    Properties properties = given();
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(MAX_MESSAGE_BYTES));
    properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
    properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
    properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "10000");
    return properties;
  }

  private Properties given() {
    Properties properties = new Properties();
    properties.putAll(new HashMap<>(client));
    return properties;
  }
}
