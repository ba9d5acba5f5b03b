package dev.bitacora.collector.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Makes the topics that are missing and checks those that are there; safe to repeat. What is there
 * is never changed: drift is reported, because only an operator knows why it is so. Replication
 * follows the number of brokers: three copies, two in sync, where there are three brokers.
 */
public final class TopicSetup {
  private static final int MAX_COPIES = 3;
  private static final long WEEK_MILLIS = Duration.ofDays(7).toMillis();
  private static final String UNLIMITED = "-1";

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
      int copies = Math.min(MAX_COPIES, get(admin.describeCluster().nodes()).size());
      List<TopicReport> reports = new ArrayList<>();
      for (Topic topic : topics(partitions, copies)) {
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

  /** A topic as it should be. */
  private record Topic(String name, int partitions, short copies, Map<String, String> settings) {}

  private static List<Topic> topics(int partitions, int copies) {
    List<Topic> topics = new ArrayList<>();
    for (String name : Topics.INDEXED) {
      topics.add(
          new Topic(
              name, partitions, (short) copies, settings(copies, Long.toString(WEEK_MILLIS))));
    }
    topics.add(new Topic(Topics.DEAD_LETTERS, 1, (short) copies, settings(copies, UNLIMITED)));
    return topics;
  }

  private static Map<String, String> settings(int copies, String retention) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, "delete");
    settings.put(TopicConfig.RETENTION_MS_CONFIG, retention);
    settings.put(TopicConfig.RETENTION_BYTES_CONFIG, UNLIMITED);
    settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, copies >= MAX_COPIES ? "2" : "1");
    settings.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
    settings.put(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(KafkaConnection.MAX_MESSAGE_BYTES));
    return settings;
  }

  private static TopicReport apply(Admin admin, Topic topic)
      throws ExecutionException, InterruptedException {
    boolean created = create(admin, topic);
    long started = System.nanoTime();
    while (true) {
      try {
        List<String> drift = drift(admin, topic);
        return new TopicReport(
            topic.name(),
            created ? TopicReport.Action.CREATED : TopicReport.Action.UNCHANGED,
            drift);
      } catch (ExecutionException e) {
        boolean isKnown = !(e.getCause() instanceof UnknownTopicOrPartitionException);
        if (isKnown || System.nanoTime() - started > UNTIL_KNOWN.toNanos()) {
          throw e;
        }
        Thread.sleep(ASK_AGAIN_MILLIS);
      }
    }
  }

  private static boolean create(Admin admin, Topic topic)
      throws ExecutionException, InterruptedException {
    NewTopic wanted =
        new NewTopic(topic.name(), topic.partitions(), topic.copies()).configs(topic.settings());
    try {
      get(admin.createTopics(Set.of(wanted)).all());
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw e;
    }
  }

  private static List<String> drift(Admin admin, Topic topic)
      throws ExecutionException, InterruptedException {
    List<String> drift = new ArrayList<>();
    TopicDescription found =
        get(admin.describeTopics(Set.of(topic.name())).allTopicNames()).get(topic.name());
    int partitions = found.partitions().size();
    if (partitions != topic.partitions()) {
      drift.add(
          "it has "
              + partitions
              + " partitions, set-up asks for "
              + topic.partitions()
              + "; keep what it has: adding partitions splits streams");
    }
    int copies = found.partitions().get(0).replicas().size();
    if (copies < topic.copies()) {
      drift.add(
          "it has "
              + copies
              + " copies, there are brokers for "
              + topic.copies()
              + "; raise it with kafka-reassign-partitions");
    }
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    Config config = get(admin.describeConfigs(Set.of(resource)).all()).get(resource);
    topic
        .settings()
        .forEach((name, wanted) -> compare(name, wanted, config.get(name).value(), drift));
    return drift;
  }

  private static void compare(String name, String wanted, String found, List<String> drift) {
    boolean good =
        switch (name) {
          case TopicConfig.RETENTION_MS_CONFIG -> isAtLeast(found, wanted);
          case TopicConfig.MAX_MESSAGE_BYTES_CONFIG, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG ->
              Long.parseLong(found) >= Long.parseLong(wanted);
          default -> found.equals(wanted);
        };
    if (!good) {
      drift.add(name + " is " + found + ", expected " + wanted + "; set it with kafka-configs");
    }
  }

  /** As long a retention, or an unlimited one. */
  private static boolean isAtLeast(String found, String wanted) {
    long has = Long.parseLong(found);
    long needs = Long.parseLong(wanted);
    return has < 0 || (needs >= 0 && has >= needs);
  }

  private static <T> T get(KafkaFuture<T> future) throws ExecutionException, InterruptedException {
    return future.get();
  }
}
