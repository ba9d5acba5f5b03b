package dev.bitacora.collector.kafka;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Says in one line what is wrong with Kafka and what to do. */
final class KafkaTrouble {
  private KafkaTrouble() {}

  static String explain(Throwable trouble, KafkaConnection connection) {
    Throwable cause = unwrap(trouble);
    String brokers = connection.brokers();
    if (cause instanceof UnknownTopicOrPartitionException
        || cause instanceof InvalidTopicException) {
      return "Kafka at " + brokers + " lacks a topic; run: bitacora setup";
    }
    if (cause instanceof SaslAuthenticationException) {
      return "Kafka at "
          + brokers
          + " refused user or password; check BITACORA_KAFKA_SASL_JAAS_CONFIG and _SASL_MECHANISM";
    }
    if (cause instanceof SslAuthenticationException) {
      return "Kafka at "
          + brokers
          + ": the TLS handshake failed ("
          + cause.getMessage()
          + "); check BITACORA_KAFKA_SSL_*";
    }
    if (cause instanceof AuthorizationException) {
      return "Kafka at "
          + brokers
          + " does not permit it ("
          + cause.getMessage()
          + "); grant this user read, write and describe on bitacora.* and read on its group";
    }
    if (cause instanceof NotEnoughReplicasException
        || cause instanceof NotEnoughReplicasAfterAppendException) {
      return "Kafka at "
          + brokers
          + " has fewer replicas in sync than min.insync.replicas; start the missing brokers";
    }
    if (cause instanceof ConfigException) {
      return "Kafka: "
          + cause.getMessage()
          + "; check BITACORA_KAFKA_BOOTSTRAP_SERVERS and the other BITACORA_KAFKA_* settings";
    }
    if (cause instanceof TimeoutException) {
      return "Kafka at "
          + brokers
          + " does not answer; start the broker or check BITACORA_KAFKA_BOOTSTRAP_SERVERS";
    }
    return "Kafka at " + brokers + ": " + cause;
  }

  private static Throwable unwrap(Throwable trouble) {
    Throwable cause = trouble;
    while (cause.getCause() != null
        && (cause instanceof ExecutionException
            || cause instanceof CompletionException
            || cause.getClass() == KafkaException.class)) {
      cause = cause.getCause();
    }
    return cause;
  }
}
