package dev.bitacora.collector.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic as it should be in a cluster of so many brokers: three copies, two in sync, where there
 * are three.
 *
 * @param partitions of a new one
 * @param isForDeadLetters it never expires, and any number of partitions will do
 */
record WantedTopic(String name, int partitions, int copies, boolean isForDeadLetters) {
  static final int ENOUGH_COPIES = 3;
  static final int ENOUGH_IN_SYNC = 2;
  static final String LOG_APPEND_TIME = "LogAppendTime";
  static final String DELETE = "delete";
  static final long WEEK_MILLIS = Duration.ofDays(7).toMillis();
  static final long UNLIMITED = -1;

  static List<WantedTopic> in(int brokers, int partitions) {
    int copies = Math.min(ENOUGH_COPIES, brokers);
    List<WantedTopic> topics = new ArrayList<>();
    for (String name : Topics.INDEXED) {
      topics.add(new WantedTopic(name, partitions, copies, false));
    }
    topics.add(new WantedTopic(Topics.DEAD_LETTERS, 1, copies, true));
    return topics;
  }

  /** How many copies must have a record before it is acknowledged, in a topic of so many. */
  static int inSync(int copies) {
    return copies >= ENOUGH_COPIES ? ENOUGH_IN_SYNC : 1;
  }

  long retentionMillis() {
    return isForDeadLetters ? UNLIMITED : WEEK_MILLIS;
  }

  NewTopic create() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, LOG_APPEND_TIME);
    settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, DELETE);
    settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retentionMillis()));
    settings.put(TopicConfig.RETENTION_BYTES_CONFIG, Long.toString(UNLIMITED));
    settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(inSync(copies)));
    settings.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
    settings.put(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(KafkaConnection.MAX_MESSAGE_BYTES));
    return new NewTopic(name, partitions, (short) copies).configs(settings);
  }
}
