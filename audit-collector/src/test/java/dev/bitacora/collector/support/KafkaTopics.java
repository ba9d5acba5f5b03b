package dev.bitacora.collector.support;

import dev.bitacora.collector.kafka.KafkaConnection;
import dev.bitacora.collector.kafka.TopicSetup;
import dev.bitacora.collector.kafka.Topics;
import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.testkit.KafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** Our topics on a real broker, made anew for a test, and what a test does with them. */
public final class KafkaTopics implements AutoCloseable {
  public static final int PARTITIONS = 3;

  private final Map<String, String> client;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  private KafkaTopics(KafkaBroker broker) {
    client = Map.of("bootstrap.servers", broker.bootstrapServers());
    admin = Admin.create(new HashMap<String, Object>(client));
    Map<String, Object> properties = new HashMap<>(client);
    properties.put("acks", "all");
    properties.put("linger.ms", "5");
    properties.put("max.request.size", "30000000");
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Deletes the topics if they are there and sets them up. */
  public static KafkaTopics fresh(KafkaBroker broker) throws Exception {
    KafkaTopics topics = none(broker);
    new TopicSetup(topics.connection()).apply(PARTITIONS);
    return topics;
  }

  /** Deletes the topics if they are there. */
  public static KafkaTopics none(KafkaBroker broker) throws Exception {
    KafkaTopics topics = new KafkaTopics(broker);
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(topics::areGone);
    return topics;
  }

  /**
   * A broker that has just come back may not list what it has: asked and deleted until it is gone.
   */
  private boolean areGone() throws ExecutionException, InterruptedException {
    Set<String> present = new HashSet<>(admin.listTopics().names().get());
    present.retainAll(Set.of(Topics.AUDIT, Topics.LOG, Topics.DEAD_LETTERS));
    try {
      admin.deleteTopics(present).all().get();
    } catch (ExecutionException e) {
      return false; // gone meanwhile, or not known yet: asked again
    }
    return present.isEmpty();
  }

  /** Client properties as an operator gives them. */
  public Map<String, String> client() {
    return client;
  }

  public KafkaConnection connection() {
    return new KafkaConnection(client);
  }

  public Admin admin() {
    return admin;
  }

  /** Sends records to their lane's topic and waits until they are acknowledged, in order. */
  public List<RecordMetadata> send(List<WireRecord> records) throws Exception {
    return sendRaw(records.stream().map(KafkaTopics::record).toList());
  }

  /** Sends anything and waits. */
  public List<RecordMetadata> sendRaw(List<ProducerRecord<byte[], byte[]>> records)
      throws Exception {
    List<Future<RecordMetadata>> futures = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      futures.add(producer.send(record));
    }
    List<RecordMetadata> acknowledged = new ArrayList<>();
    for (Future<RecordMetadata> future : futures) {
      acknowledged.add(future.get());
    }
    return acknowledged;
  }

  /** A record as an agent sends it. */
  public static ProducerRecord<byte[], byte[]> record(WireRecord record) {
    String topic = record.kind() == RecordKind.LOG ? Topics.LOG : Topics.AUDIT;
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(topic, KafkaHeaders.key(record), record.value());
    KafkaHeaders.of(record).forEach(header -> made.headers().add(header.name(), header.value()));
    return made;
  }

  /** What a group has committed. */
  public Map<TopicPartition, Long> committed(String group)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> found =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    found.forEach((partition, offset) -> offsets.put(partition, offset.offset()));
    return offsets;
  }

  /** Sets what a group without members has committed. */
  public void commit(String group, TopicPartition partition, long offset) throws Exception {
    admin
        .alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  /** The ends of the partitions that hold something. */
  public Map<TopicPartition, Long> ends() throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (String topic : List.of(Topics.AUDIT, Topics.LOG)) {
      for (int i = 0; i < PARTITIONS; i++) {
        wanted.put(new TopicPartition(topic, i), OffsetSpec.latest());
      }
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(wanted)
        .all()
        .get()
        .forEach(
            (partition, end) -> {
              if (end.offset() > 0) {
                ends.put(partition, end.offset());
              }
            });
    return ends;
  }

  /** Deletes records as retention does. */
  public void deleteBefore(TopicPartition partition, long offset) throws Exception {
    admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset))).all().get();
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
    admin.close(Duration.ofSeconds(1));
  }
}
