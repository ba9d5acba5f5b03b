package dev.bitacora.bench.chaos.collector;

import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.store.NewEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Which records are dead letters, read with the harness's own consumer. Safe for any thread. */
final class DeadLetterPlaces implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final String ORIGIN = "__connect.errors.";

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Set<String> places = new HashSet<>();
  private final Set<String> events = new HashSet<>();

  DeadLetterPlaces(String servers) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", servers);
    properties.put("default.api.timeout.ms", "4000");
    properties.put("request.timeout.ms", "3000");
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions = List.of(new TopicPartition(ChaosBroker.DEAD_LETTERS, 0));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /**
   * Reads on to the end that the topic has now and says where all its records came from.
   *
   * @throws KafkaException when the broker does not answer
   */
  synchronized Set<String> readOn() {
    consumer
        .endOffsets(consumer.assignment())
        .forEach(
            (partition, end) -> {
              while (consumer.position(partition) < end) {
                consumer.poll(POLL).forEach(this::take);
              }
            });
    return new HashSet<>(places);
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.headers().lastHeader("bt-closed") != null) {
      return; // says of another letter that somebody closed it, which nobody does here
    }
    places.add(
        text(record, "topic") + "/" + text(record, "partition") + "@" + text(record, "offset"));
    Header position = record.headers().lastHeader(KafkaHeaders.POSITION);
    if (position.value().length == StreamPosition.BYTES && record.value() != null) {
      events.add(
          StreamPosition.readFrom(ByteBuffer.wrap(position.value())).eventId()
              + "."
              + NewEvent.hashOf(record.value()));
    }
  }

  /** What the records read so far would be as documents. */
  synchronized Set<String> events() {
    return new HashSet<>(events);
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(ORIGIN + name).value(), StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
