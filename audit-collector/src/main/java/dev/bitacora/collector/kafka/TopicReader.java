package dev.bitacora.collector.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Reads topics from a place to the end that they had when it was opened, with a consumer of its own
 * that belongs to no group and commits nothing. Confined to one thread. Kafka's exceptions pass.
 */
final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * What is read is there: a broker need not wait for more. A fetch that waits at the end, half a
   * second by default, holds up the one that starts at the beginning again.
   */
  private static final String LONGEST_FETCH_MILLIS = "20";

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> beginnings;
  private final Map<TopicPartition, Long> ends;

  /** The broker gives nothing, for a while, of what it says it has. */
  static final class StalledException extends Exception {
    StalledException(String message) {
      super(message);
    }
  }

  /** Connects, and asks how far the topics reach. */
  TopicReader(KafkaConnection connection, List<String> topics) {
    Properties properties = connection.reader();
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, LONGEST_FETCH_MILLIS);
    consumer = new KafkaConsumer<>(properties);
    try {
      List<TopicPartition> partitions = partitions(topics);
      beginnings = consumer.beginningOffsets(partitions);
      ends = consumer.endOffsets(partitions);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  private List<TopicPartition> partitions(List<String> topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      int before = partitions.size();
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
      if (partitions.size() == before) {
        throw new UnknownTopicOrPartitionException(topic);
      }
    }
    return partitions;
  }

  /** The first offset that each partition still has. */
  Map<TopicPartition, Long> beginnings() {
    return beginnings;
  }

  /** The offset after the last that each partition had. */
  Map<TopicPartition, Long> ends() {
    return ends;
  }

  /** The first offset of each partition whose record is not older; its end when all are. */
  Map<TopicPartition, Long> firstSince(long millis) {
    Map<TopicPartition, Long> times = new HashMap<>();
    ends.keySet().forEach(partition -> times.put(partition, millis));
    Map<TopicPartition, Long> offsets = new HashMap<>(ends);
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
    found.forEach(
        (partition, offset) -> {
          if (offset != null) {
            offsets.put(partition, offset.offset());
          }
        });
    return offsets;
  }

  /** Everything, from the beginning. */
  void readAll(Predicate<ConsumerRecord<byte[], byte[]>> visitor) throws StalledException {
    read(beginnings, visitor);
  }

  /**
   * Shows each record from these offsets on.
   *
   * @param visitor returns false to see no more
   */
  void read(Map<TopicPartition, Long> from, Predicate<ConsumerRecord<byte[], byte[]>> visitor)
      throws StalledException {
    consumer.assign(from.keySet());
    from.forEach(consumer::seek);
    long lastNews = System.nanoTime();
    while (!isAtEnd(from)) {
      boolean isNews = false;
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        isNews = true;
        boolean isWithin =
            record.offset() < ends.get(new TopicPartition(record.topic(), record.partition()));
        if (isWithin && !visitor.test(record)) {
          return;
        }
      }
      lastNews = isNews ? System.nanoTime() : lastNews;
      if (System.nanoTime() - lastNews > PATIENCE.toNanos()) {
        throw new StalledException(
            "Kafka gives no records of " + from.keySet() + "; are its brokers well?");
      }
    }
  }

  private boolean isAtEnd(Map<TopicPartition, Long> from) {
    return from.keySet().stream()
        .allMatch(partition -> consumer.position(partition) >= ends.get(partition));
  }

  @Override
  public void close() {
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(5)));
  }
}
