package dev.bitacora.collector.kafka;

import dev.bitacora.collector.health.Condition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * Asks Kafka for our topics, at most every five seconds: is there a server, does it let us in, has
 * it been set up? Safe for any thread.
 */
public final class KafkaCheck implements AutoCloseable {
  private static final Duration TRUSTED_FOR = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final List<String> TOPICS = List.of(Topics.AUDIT, Topics.LOG, Topics.DEAD_LETTERS);

  private final KafkaConnection connection;
  private Admin admin;
  private Condition known = Condition.down("not asked yet");
  private long askedNanos = System.nanoTime() - TRUSTED_FOR.toNanos();

  public KafkaCheck(KafkaConnection connection) {
    this.connection = connection;
  }

  /** Up, or down with one line that says what to do. Waits for an answer, at most four seconds. */
  public synchronized Condition condition() {
    if (System.nanoTime() - askedNanos >= TRUSTED_FOR.toNanos()) {
      known = ask();
      askedNanos = System.nanoTime();
    }
    return known;
  }

  private Condition ask() {
    try {
      if (admin == null) {
        admin = Admin.create(connection.admin());
      }
      admin.describeTopics(TOPICS).allTopicNames().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return Condition.up("Kafka at " + connection.brokers() + " answers");
    } catch (ExecutionException | KafkaException e) {
      return Condition.down(KafkaTrouble.explain(e, connection));
    } catch (TimeoutException e) {
      return Condition.down(
          KafkaTrouble.explain(new org.apache.kafka.common.errors.TimeoutException(e), connection));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Condition.down("Kafka: interrupted while asking");
    }
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
      admin = null;
    }
  }
}
