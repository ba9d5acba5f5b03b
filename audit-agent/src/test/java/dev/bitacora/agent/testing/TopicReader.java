package dev.bitacora.agent.testing;

import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.core.wire.MalformedRecordException;
import dev.bitacora.core.wire.WireRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a whole topic, as a collector would. */
public final class TopicReader {
  private TopicReader() {}

  /** Each record once, by stream and number; a malformed one fails the test. */
  public static List<WireRecord> distinct(String bootstrapServers, String topic) {
    Map<String, WireRecord> byId = new TreeMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "fetch.max.wait.ms", "20"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      Collection<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                record -> {
                  WireRecord wire = wire(record);
                  byId.putIfAbsent(wire.position().eventId(), wire);
                });
      }
    }
    return List.copyOf(byId.values());
  }

  private static WireRecord wire(ConsumerRecord<byte[], byte[]> record) {
    List<KafkaHeaders.Header> headers = new ArrayList<>();
    record.headers().forEach(h -> headers.add(new KafkaHeaders.Header(h.key(), h.value())));
    try {
      WireRecord wire = KafkaHeaders.read(headers, record.value());
      if (!java.util.Arrays.equals(record.key(), KafkaHeaders.key(wire))) {
        throw new AssertionError("the key is not the stream");
      }
      return wire;
    } catch (MalformedRecordException e) {
      throw new AssertionError(e);
    }
  }
}
