package dev.bitacora.agent.kafka;

import dev.bitacora.agent.transport.DeliveryFailure;
import dev.bitacora.agent.transport.Transport;
import dev.bitacora.agent.transport.TransportFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.SubstituteLoggerFactory;

/**
 * The way to one topic of a Kafka cluster. The producer is built each time a connection is opened,
 * because its constructor throws for a name that cannot be resolved.
 */
public final class KafkaTransports implements TransportFactory {
  private static final Duration LOGGING_SET_UP = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final AtomicLong CLIENTS = new AtomicLong();

  private final Map<String, String> properties;
  private final String topic;
  private final String clientIdPrefix;

  /**
   * The way to one topic.
   *
   * @param properties of the user; {@link ProducerSettings#problems} has found nothing wrong with
   *     them
   */
  public KafkaTransports(Map<String, String> properties, String topic, String clientIdPrefix) {
    this.properties = Map.copyOf(properties);
    this.topic = topic;
    this.clientIdPrefix = clientIdPrefix;
  }

  @Override
  public Transport open() throws DeliveryFailure {
    awaitLogging();
    String clientId = clientIdPrefix + "-" + CLIENTS.incrementAndGet();
    Map<String, Object> settings = ProducerSettings.of(properties, clientId);
    try {
      Producer<byte[], byte[]> producer =
          new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
      return new KafkaTransport(
          producer, topic, destination(), ProducerSettings.deliveryTimeout(settings));
    } catch (KafkaException e) {
      throw failure(e);
    }
  }

  /**
   * Waits while another thread sets SLF4J up, which is when a {@code logback.xml} opens an agent.
   * What Kafka said meanwhile would be replayed by that thread and come back to us as the
   * component's own lines.
   */
  private static void awaitLogging() {
    long deadline = System.nanoTime() + LOGGING_SET_UP.toNanos();
    while (LoggerFactory.getILoggerFactory() instanceof SubstituteLoggerFactory
        && System.nanoTime() < deadline
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** A name that is not resolved today may be tomorrow; any other setting stays wrong. */
  private DeliveryFailure failure(KafkaException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String message = "no Kafka producer for " + destination() + ": " + cause.getMessage();
    boolean unresolved =
        cause instanceof ConfigException
            && String.valueOf(cause.getMessage()).contains("resolvable");
    return unresolved ? DeliveryFailure.retry(message, e) : DeliveryFailure.hold(message, e);
  }

  @Override
  public String destination() {
    String protocol = properties.getOrDefault("security.protocol", "PLAINTEXT");
    return "kafka "
        + properties.get("bootstrap.servers")
        + (protocol.equals("PLAINTEXT") ? "" : " over " + protocol)
        + " topic "
        + topic;
  }
}
