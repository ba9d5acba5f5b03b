package dev.bitacora.collector.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Where partitions end, without waiting for Kafka: who asks gets the answer to an earlier question.
 * The consumer itself only knows the ends of what it reads, and so nothing of a partition that is
 * paused, which is just when somebody wants to know. Confined to the poll thread, except {@link
 * #close}.
 */
final class LogEnds implements AutoCloseable {
  private static final Duration CLOSING = Duration.ofSeconds(1);

  private final KafkaConnection connection;
  private Admin admin;
  private KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> asked;

  /** Replaced by Kafka's thread. */
  private volatile Map<TopicPartition, Long> known = Map.of();

  LogEnds(KafkaConnection connection) {
    this.connection = connection;
  }

  /** Asks where these end, unless an answer is still awaited; what fails is asked again. */
  void ask(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty() || (asked != null && !asked.isDone())) {
      return;
    }
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    try {
      asked = open().listOffsets(latest).all();
      asked = asked.whenComplete((ends, failure) -> answered(ends));
    } catch (KafkaException e) {
      // Kafka can not be reached: health says so, and the next question comes soon
    }
  }

  private synchronized Admin open() {
    if (admin == null) {
      admin = Admin.create(connection.admin());
    }
    return admin;
  }

  private void answered(Map<TopicPartition, ListOffsetsResultInfo> ends) {
    if (ends != null) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      ends.forEach((partition, end) -> offsets.put(partition, end.offset()));
      known = offsets;
    }
  }

  /** The offset after the partition's last record, as it was a moment ago. */
  OptionalLong of(TopicPartition partition) {
    Long end = known.get(partition);
    return end == null ? OptionalLong.empty() : OptionalLong.of(end);
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(CLOSING);
      admin = null;
    }
  }
}
