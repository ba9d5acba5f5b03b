package dev.bitacora.bench.collector;

import dev.bitacora.bench.EventGenerator;
import dev.bitacora.bench.kafka.Topics;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.NewEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Events of several streams that wait in Kafka, as agents would have sent them, but for the
 * partition: as many streams in each, so that what is written first is read first.
 */
final class Backlog {
  private static final int STREAMS = 12;
  private static final int AT_ONCE = 100;

  private Backlog() {}

  /**
   * Returns when all are acknowledged.
   *
   * @param start when the first of them happened
   */
  static void write(String bootstrapServers, int count, Instant start) {
    List<EventGenerator> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      streams.add(new EventGenerator(i + 1L, start.plusSeconds(i)));
    }
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers, "linger.ms", 20, "compression.type", "gzip"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int sent = 0, turn = 0; sent < count; turn++) {
        int stream = turn % STREAMS;
        List<NewEvent> events = streams.get(stream).next(Math.min(AT_ONCE, count - sent));
        events.forEach(event -> send(producer, stream % Cluster.PARTITIONS, event, failure));
        sent += events.size();
      }
    }
    if (failure.get() != null) {
      throw new IllegalStateException("writing to Kafka: " + failure.get(), failure.get());
    }
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer,
      int partition,
      NewEvent event,
      AtomicReference<Exception> failure) {
    WireRecord wire = wire(event);
    ProducerRecord<byte[], byte[]> kafkaRecord =
        new ProducerRecord<>(Topics.AUDIT, partition, KafkaHeaders.key(wire), wire.value());
    KafkaHeaders.of(wire).forEach(h -> kafkaRecord.headers().add(h.name(), h.value()));
    var unused =
        producer.send(
            kafkaRecord,
            (metadata, error) -> {
              if (error != null) {
                failure.set(error);
              }
            });
  }

  /** As an agent ships it; collectors leave chains to others. */
  static WireRecord wire(NewEvent event) {
    return new WireRecord(
        RecordKind.AUDIT, event.position(), ChainLink.ZERO, event.event().bytes());
  }
}
