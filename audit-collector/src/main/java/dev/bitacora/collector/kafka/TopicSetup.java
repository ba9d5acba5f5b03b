package dev.bitacora.collector.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Makes the topics that are missing and checks those that are there; safe to repeat. Of what
 * differs it mends what can do no harm, and reports the rest with what to do ({@link TopicDrift}).
 */
public final class TopicSetup {
  /** A broker learns of a new topic a moment after the controller has confirmed it. */
  private static final Duration UNTIL_KNOWN = Duration.ofSeconds(30);

  private static final long ASK_AGAIN_MILLIS = 50;

  private final KafkaConnection connection;

  public TopicSetup(KafkaConnection connection) {
    this.connection = connection;
  }

  /** Kafka can not be asked or refuses; the message is one line that says what to do. */
  public static final class SetupFailedException extends Exception {
    SetupFailedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Makes and checks the topics. On return the brokers answer for each of them, so that a collector
   * may start at once.
   *
   * @param partitions of the topics for events and logs; fixed for ever, because adding some would
   *     split streams
   */
  public List<TopicReport> apply(int partitions) throws SetupFailedException {
    try (Admin admin = Admin.create(connection.admin())) {
      int brokers = get(admin.describeCluster().nodes()).size();
      List<TopicReport> reports = new ArrayList<>();
      for (WantedTopic topic : WantedTopic.in(brokers, partitions)) {
        reports.add(apply(admin, topic));
      }
      return reports;
    } catch (ExecutionException | KafkaException e) {
      throw new SetupFailedException(KafkaTrouble.explain(e, connection), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SetupFailedException("Kafka: interrupted while setting up", e);
    }
  }

  private TopicReport apply(Admin admin, WantedTopic topic)
      throws ExecutionException, InterruptedException {
    boolean created = create(admin, topic);
    TopicDrift drift = drift(admin, topic);
    if (drift.mends().isEmpty()) {
      return new TopicReport(
          topic.name(),
          created ? TopicReport.Action.CREATED : TopicReport.Action.UNCHANGED,
          drift.findings());
    }
    return mend(admin, topic, drift);
  }

  private static boolean create(Admin admin, WantedTopic topic)
      throws ExecutionException, InterruptedException {
    try {
      get(admin.createTopics(Set.of(topic.create())).all());
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw e;
    }
  }

  private TopicDrift drift(Admin admin, WantedTopic topic)
      throws ExecutionException, InterruptedException {
    long started = System.nanoTime();
    while (true) {
      try {
        return describe(admin, topic);
      } catch (ExecutionException e) {
        boolean isKnown = !(e.getCause() instanceof UnknownTopicOrPartitionException);
        if (isKnown || System.nanoTime() - started > UNTIL_KNOWN.toNanos()) {
          throw e;
        }
        Thread.sleep(ASK_AGAIN_MILLIS);
      }
    }
  }

  private TopicDrift describe(Admin admin, WantedTopic topic)
      throws ExecutionException, InterruptedException {
    TopicDescription found =
        get(admin.describeTopics(Set.of(topic.name())).allTopicNames()).get(topic.name());
    Config config = get(admin.describeConfigs(Set.of(resource(topic))).all()).get(resource(topic));
    return TopicDrift.between(topic, found, config, connection.brokers());
  }

  private TopicReport mend(Admin admin, WantedTopic topic, TopicDrift drift)
      throws ExecutionException, InterruptedException {
    try {
      get(admin.incrementalAlterConfigs(Map.of(resource(topic), changes(drift))).all());
      return new TopicReport(topic.name(), TopicReport.Action.MENDED, drift.findings());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException denied) {
        return new TopicReport(
            topic.name(),
            TopicReport.Action.UNCHANGED,
            drift.unmended(
                denied.getMessage() + "; grant set-up ALTER_CONFIGS on " + topic.name()));
      }
      throw e;
    }
  }

  private static List<AlterConfigOp> changes(TopicDrift drift) {
    return drift.mends().entrySet().stream()
        .map(
            mend ->
                new AlterConfigOp(
                    new ConfigEntry(mend.getKey(), mend.getValue()), AlterConfigOp.OpType.SET))
        .toList();
  }

  private static ConfigResource resource(WantedTopic topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
  }

  private static <T> T get(KafkaFuture<T> future) throws ExecutionException, InterruptedException {
    return future.get();
  }
}
