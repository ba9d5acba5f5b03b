package dev.bitacora.agent.kafka;

import dev.bitacora.agent.transport.DeliveryFailure;
import dev.bitacora.agent.transport.Transport;
import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.core.wire.WireRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** One producer. A record's key is its stream, so that a stream stays in one partition. */
final class KafkaTransport implements Transport {
  /** Enough that the next batch is on its way while the one before is being acknowledged. */
  private static final int PIPELINE_DEPTH = 4;

  /** By how much the producer may be late with giving up. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final String destination;
  private final Duration longestAnswer;

  /**
   * A way out.
   *
   * @param deliveryTimeout after which the producer itself gives up
   */
  KafkaTransport(
      Producer<byte[], byte[]> producer,
      String topic,
      String destination,
      Duration deliveryTimeout) {
    this.producer = producer;
    this.topic = topic;
    this.destination = destination;
    this.longestAnswer = deliveryTimeout.plus(MARGIN);
  }

  @Override
  public int pipelineDepth() {
    return PIPELINE_DEPTH;
  }

  @Override
  public CompletableFuture<Long> send(List<WireRecord> records) throws DeliveryFailure {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    AtomicInteger missing = new AtomicInteger(records.size());
    long last = records.get(records.size() - 1).position().sequence();
    byte[] key = KafkaHeaders.key(records.get(0)); // they are of one stream
    Callback answered =
        (metadata, error) -> {
          if (error != null) {
            answer.completeExceptionally(failure(error));
          } else if (missing.decrementAndGet() == 0) {
            answer.complete(last);
          }
        };
    try {
      for (WireRecord record : records) {
        if (answer.isDone()) {
          break; // each further call would block as long as the one that failed
        }
        var unused = producer.send(kafkaRecord(key, record), answered);
      }
    } catch (KafkaException e) {
      throw failure(e);
    }
    return answer
        .orTimeout(longestAnswer.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(error -> CompletableFuture.failedFuture(explained(error)));
  }

  /** An Error ends the producer's own thread, and with it every answer. */
  private Throwable explained(Throwable error) {
    return error instanceof TimeoutException
        ? DeliveryFailure.retry(
            destination
                + ": the producer gave no answer in "
                + longestAnswer.toSeconds()
                + " s; another one is opened",
            error)
        : error;
  }

  private ProducerRecord<byte[], byte[]> kafkaRecord(byte[] key, WireRecord record) {
    ProducerRecord<byte[], byte[]> kafkaRecord = new ProducerRecord<>(topic, key, record.value());
    Headers headers = kafkaRecord.headers();
    for (KafkaHeaders.Header header : KafkaHeaders.of(record)) {
      headers.add(new KafkaHeader(header.name(), header.value()));
    }
    return kafkaRecord;
  }

  /** Kafka's own may be read from its bytes by several threads, which makes it dear to make. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record KafkaHeader(String key, byte[] value) implements Header {}

  private DeliveryFailure failure(Exception error) {
    String message = destination + ": " + described(error);
    return needsRepair(error)
        ? DeliveryFailure.hold(message, error)
        : DeliveryFailure.retry(message, error);
  }

  /** With the cause: a producer that waited in vain for a topic says only there that it is none. */
  private static String described(Throwable error) {
    String description = error.getClass().getSimpleName() + ": " + error.getMessage();
    return error.getCause() == null
        ? description
        : description + " (" + described(error.getCause()) + ")";
  }

  /** A producer that waited in vain for a topic says why in the cause. */
  private static boolean needsRepair(Throwable error) {
    return error.getCause() instanceof UnknownTopicOrPartitionException
        || error instanceof AuthenticationException
        || error instanceof AuthorizationException
        || error instanceof InvalidTopicException
        || error instanceof RecordTooLargeException
        || error instanceof UnknownTopicOrPartitionException
        || error instanceof UnsupportedVersionException;
  }

  /**
   * An interrupt, which is how a closing agent ends its wait, must not keep the producer from
   * closing.
   */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      producer.close(Duration.ZERO);
    } catch (InterruptException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
