package dev.bitacora.agent.testing;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Ends a producer's own thread, once, by what Kafka does not catch. Named in its settings. */
public final class BreakingInterceptor implements ProducerInterceptor<byte[], byte[]> {
  private static final AtomicInteger LEFT = new AtomicInteger();

  /** The next acknowledgement throws. */
  public static void breakNext() {
    LEFT.set(1);
  }

  /** Whether it has. */
  public static boolean hasBroken() {
    return LEFT.get() == 0;
  }

  @Override
  public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
    if (LEFT.compareAndSet(1, 0)) {
      throw new OutOfMemoryError("thrown by a test in a producer's own thread");
    }
  }

  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> producerRecord) {
    return producerRecord;
  }

  @Override
  public void close() {}

  @Override
  public void configure(Map<String, ?> configs) {}
}
