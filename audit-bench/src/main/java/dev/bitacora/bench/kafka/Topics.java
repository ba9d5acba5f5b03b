package dev.bitacora.bench.kafka;

import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.core.wire.MalformedRecordException;
import dev.bitacora.core.wire.WireRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topics of one broker. Safe for any thread. */
public final class Topics {
  public static final String AUDIT = "bitacora.audit";
  public static final String LOG = "bitacora.log";

  private static final int PARTITIONS = 3;
  private static final Duration POLL = Duration.ofMillis(200);

  private final String bootstrapServers;

  public Topics(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /** Makes topics that are not there yet. */
  public void create(String... names) {
    create(PARTITIONS, names);
  }

  /** Makes topics with so many partitions. */
  public void create(int partitions, String... names) {
    List<NewTopic> topics =
        Arrays.stream(names).map(name -> new NewTopic(name, partitions, (short) 1)).toList();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin.createTopics(topics).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("creating topics: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating topics", e);
    }
  }

  /** A record and where it stands. */
  public record Stored(String place, WireRecord wire) {}

  /**
   * Hands over everything that stands in a topic now, each partition in order.
   *
   * @throws IllegalStateException for a record that is malformed or in another stream's partition
   */
  public void read(String topic, Consumer<Stored> records) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
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
        consumer.poll(POLL).forEach(record -> records.accept(stored(record)));
      }
    }
  }

  private static Stored stored(ConsumerRecord<byte[], byte[]> record) {
    String place = record.topic() + "/" + record.partition() + "@" + record.offset();
    return new Stored(place, wire(record));
  }

  private static WireRecord wire(ConsumerRecord<byte[], byte[]> record) {
    List<KafkaHeaders.Header> headers = new ArrayList<>();
    record.headers().forEach(h -> headers.add(new KafkaHeaders.Header(h.key(), h.value())));
    try {
      WireRecord wire = KafkaHeaders.read(headers, record.value());
      if (!Arrays.equals(record.key(), KafkaHeaders.key(wire))) {
        throw new IllegalStateException(wire + ": its key is not its stream");
      }
      return wire;
    } catch (MalformedRecordException e) {
      throw new IllegalStateException(record.topic() + " at " + record.offset(), e);
    }
  }
}
