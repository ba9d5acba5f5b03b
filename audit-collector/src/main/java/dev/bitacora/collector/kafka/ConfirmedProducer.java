package dev.bitacora.collector.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Writes to Kafka and returns when every in-sync replica has it. Safe for any thread between start
 * and close.
 */
final class ConfirmedProducer implements AutoCloseable {
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final KafkaConnection connection;
  private KafkaProducer<byte[], byte[]> producer;

  ConfirmedProducer(KafkaConnection connection) {
    this.connection = connection;
  }

  /** Some of the records may not be durable; the message says why and what to do. */
  static final class NotConfirmedException extends Exception {
    NotConfirmedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Sends in order and waits for all. */
  void send(List<ProducerRecord<byte[], byte[]>> records) throws NotConfirmedException {
    List<Future<RecordMetadata>> futures = new ArrayList<>(records.size());
    try {
      KafkaProducer<byte[], byte[]> open = open();
      for (ProducerRecord<byte[], byte[]> record : records) {
        futures.add(open.send(record));
      }
      for (Future<RecordMetadata> future : futures) {
        future.get();
      }
    } catch (ExecutionException | KafkaException e) {
      throw new NotConfirmedException(KafkaTrouble.explain(e, connection), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotConfirmedException("Kafka: interrupted while waiting for confirmation", e);
    }
  }

  /** Made when first needed: a host name that can not be resolved now may be later. */
  private synchronized KafkaProducer<byte[], byte[]> open() {
    if (producer == null) {
      producer = new KafkaProducer<>(connection.producer());
    }
    return producer;
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close(CLOSING);
      producer = null;
    }
  }
}
