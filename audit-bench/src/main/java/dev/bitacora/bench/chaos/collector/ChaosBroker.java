package dev.bitacora.bench.chaos.collector;

import dev.bitacora.testkit.KafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** The broker, seen from outside the collectors. Safe for any thread. */
final class ChaosBroker implements AutoCloseable {
  static final String AUDIT = "bitacora.audit";
  static final String LOG = "bitacora.log";
  static final String DEAD_LETTERS = "bitacora.dlq";
  static final String GROUP = "bitacora-indexer";
  static final int PARTITIONS = 4;

  /** Longer than a dead member of a group stays in it, and a broker's restart. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final long ANSWER_SECONDS = 5;

  private final KafkaBroker broker;
  private final Admin admin;

  ChaosBroker(KafkaBroker broker) {
    this.broker = broker;
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker.bootstrapServers());
    properties.put("request.timeout.ms", "3000");
    properties.put("default.api.timeout.ms", "4000");
    this.admin = Admin.create(properties);
  }

  String servers() {
    return broker.bootstrapServers();
  }

  /** To be killed, paused and started again. */
  KafkaBroker process() {
    return broker;
  }

  /** All partitions that are indexed. */
  static List<TopicPartition> partitions() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : List.of(AUDIT, LOG)) {
      for (int i = 0; i < PARTITIONS; i++) {
        partitions.add(new TopicPartition(topic, i));
      }
    }
    return partitions;
  }

  /** What the collectors have committed; empty when the broker does not say so at once. */
  Optional<Map<TopicPartition, Long>> committedNow() throws InterruptedException {
    try {
      return Optional.of(committed());
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    }
  }

  private Map<TopicPartition, Long> committed()
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    get(admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata())
        .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
    return offsets;
  }

  Map<TopicPartition, Long> ends() throws InterruptedException {
    return insist(() -> offsets(OffsetSpec.latest()));
  }

  Map<TopicPartition, Long> beginnings() throws InterruptedException {
    return insist(() -> offsets(OffsetSpec.earliest()));
  }

  private Map<TopicPartition, Long> offsets(OffsetSpec which)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    get(admin
            .listOffsets(
                partitions().stream()
                    .collect(Collectors.toMap(partition -> partition, partition -> which)))
            .all())
        .forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }

  /** Whether the collectors have committed everything that stands in the topics. */
  boolean isDrained() throws InterruptedException {
    Optional<Map<TopicPartition, Long>> committed = committedNow();
    return committed.isPresent()
        && ends().entrySet().stream()
            .allMatch(end -> committed.get().getOrDefault(end.getKey(), 0L).equals(end.getValue()));
  }

  /** Sets what the group has committed; waits until it has no members. */
  void commitForGroup(Map<TopicPartition, Long> offsets) throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> wanted = new HashMap<>();
    offsets.forEach((partition, offset) -> wanted.put(partition, new OffsetAndMetadata(offset)));
    insist(() -> get(admin.alterConsumerGroupOffsets(GROUP, wanted).all()));
  }

  /** As retention does. */
  void deleteBefore(Map<TopicPartition, Long> offsets) throws InterruptedException {
    Map<TopicPartition, RecordsToDelete> wanted = new HashMap<>();
    offsets.forEach(
        (partition, offset) -> wanted.put(partition, RecordsToDelete.beforeOffset(offset)));
    insist(() -> get(admin.deleteRecords(wanted).all()));
  }

  void configureDeadLetters(String name, String value) throws InterruptedException {
    Map<ConfigResource, Collection<AlterConfigOp>> change =
        Map.of(
            new ConfigResource(ConfigResource.Type.TOPIC, DEAD_LETTERS),
            List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
    insist(() -> get(admin.incrementalAlterConfigs(change).all()));
  }

  /** Asks again while the broker is away or the group has members. */
  private static <T> T insist(Question<T> question) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return question.ask();
      } catch (ExecutionException | TimeoutException e) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("the broker did not do as it was asked: " + e, e);
        }
        Thread.sleep(PAUSE.toMillis());
      }
    }
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws InterruptedException, ExecutionException, TimeoutException;
  }

  private static <T> T get(KafkaFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
