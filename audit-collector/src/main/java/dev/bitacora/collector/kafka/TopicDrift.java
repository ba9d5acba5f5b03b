package dev.bitacora.collector.kafka;

import dev.bitacora.collector.kafka.TopicReport.Finding;
import dev.bitacora.collector.kafka.TopicReport.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How a topic that is there differs from what it should be, and what may be done about it. Only
 * what can neither lose an event nor stop anybody is mended: what more retention costs in disk, and
 * what is to become of a topic that was compacted, only an operator knows.
 */
final class TopicDrift {
  private final WantedTopic wanted;
  private final TopicDescription found;
  private final Config config;
  private final String brokers;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, String> mends = new LinkedHashMap<>();

  private TopicDrift(WantedTopic wanted, TopicDescription found, Config config, String brokers) {
    this.wanted = wanted;
    this.found = found;
    this.config = config;
    this.brokers = brokers;
  }

  /**
   * Compares.
   *
   * @param brokers for the commands that an operator is told
   */
  static TopicDrift between(
      WantedTopic wanted, TopicDescription found, Config config, String brokers) {
    TopicDrift drift = new TopicDrift(wanted, found, config, brokers);
    drift.partitions();
    drift.copies();
    drift.inSync();
    drift.timestamps();
    drift.election();
    drift.messageSize();
    drift.cleanup();
    drift.retention(TopicConfig.RETENTION_MS_CONFIG, wanted.retentionMillis());
    drift.retention(TopicConfig.RETENTION_BYTES_CONFIG, WantedTopic.UNLIMITED);
    return drift;
  }

  List<Finding> findings() {
    return findings;
  }

  /** Settings to be changed, each of which {@link #findings} tells as mended. */
  Map<String, String> mends() {
    return mends;
  }

  /** What is left when the settings could not be changed. */
  List<Finding> unmended(String why) {
    return findings.stream()
        .map(
            finding ->
                finding.kind() == Kind.MENDED
                    ? new Finding(
                        Kind.REFUSED, finding.text() + " - which Kafka did not permit: " + why)
                    : finding)
        .toList();
  }

  private void partitions() {
    int count = found.partitions().size();
    if (!wanted.isForDeadLetters() && count != wanted.partitions()) {
      refuse(
          "it has %d partitions, set-up asks for %d: the number is fixed, since adding partitions splits streams; set BITACORA_PARTITIONS=%d, or begin with new topics"
              .formatted(count, wanted.partitions(), count));
    }
  }

  private void copies() {
    int copies = copiesFound();
    if (copies < wanted.copies()) {
      refuse(
          "it has %d of %d copies that these brokers can hold; raise it with kafka-reassign-partitions, then repeat set-up"
              .formatted(copies, wanted.copies()));
    } else if (copies < WantedTopic.ENOUGH_COPIES) {
      warn(
          "it has %d of %d copies, because there are no more brokers: what is not indexed yet is lost with their disks"
              .formatted(copies, WantedTopic.ENOUGH_COPIES));
    }
    for (TopicPartitionInfo partition : found.partitions()) {
      if (partition.isr().size() < partition.replicas().size()) {
        warn(
            "partition %d has %d of %d copies in sync: a broker is down or behind; start it"
                .formatted(
                    partition.partition(), partition.isr().size(), partition.replicas().size()));
      }
    }
  }

  /** Of the partition that has the fewest. */
  private int copiesFound() {
    return found.partitions().stream()
        .mapToInt(partition -> partition.replicas().size())
        .min()
        .orElse(0);
  }

  private int inSyncNow() {
    return found.partitions().stream()
        .mapToInt(partition -> partition.isr().size())
        .min()
        .orElse(0);
  }

  private void inSync() {
    String name = TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;
    int copies = copiesFound();
    int has = Integer.parseInt(value(name));
    int needs = WantedTopic.inSync(copies);
    if (has > copies) {
      refuse(
          "%s is %d and there are %d copies, so that nobody can send; raise the copies with kafka-reassign-partitions, or: %s"
              .formatted(name, has, copies, command(name, Integer.toString(needs))));
    } else if (has < needs && inSyncNow() < needs) {
      refuse(
          "%s is %d, expected %d, which would stop all senders while fewer copies are in sync; start the missing brokers and repeat set-up"
              .formatted(name, has, needs));
    } else if (has < needs) {
      mend(name, Integer.toString(has), Integer.toString(needs));
    } else if (has == copies && copies > 1) {
      warn(
          "%s is %d of %d copies, so that nobody can send while one broker is down; %d is enough: %s"
              .formatted(name, has, copies, needs, command(name, Integer.toString(needs))));
    }
  }

  private void timestamps() {
    mendUnless(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, WantedTopic.LOG_APPEND_TIME);
  }

  private void election() {
    mendUnless(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
  }

  private void messageSize() {
    String name = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
    if (Long.parseLong(value(name)) < KafkaConnection.MAX_MESSAGE_BYTES) {
      mend(name, value(name), Integer.toString(KafkaConnection.MAX_MESSAGE_BYTES));
    }
  }

  private void cleanup() {
    String name = TopicConfig.CLEANUP_POLICY_CONFIG;
    String policy = value(name);
    if (policy.equals(WantedTopic.DELETE)) {
      return;
    }
    if (policy.contains(WantedTopic.DELETE)) {
      mend(name, policy, WantedTopic.DELETE);
      warn("it was compacted: of each stream Kafka may have kept only the last record until now");
    } else {
      refuse(
          "%s is %s, expected %s: compaction drops all but the last record of a stream; when everything in it is indexed: %s"
              .formatted(name, policy, WantedTopic.DELETE, command(name, WantedTopic.DELETE)));
    }
  }

  private void retention(String name, long needs) {
    long has = Long.parseLong(value(name));
    boolean isEnough = has < 0 || (needs >= 0 && has >= needs);
    if (isEnough) {
      return;
    }
    if (wanted.isForDeadLetters()) {
      mend(name, Long.toString(has), Long.toString(needs));
    } else {
      refuse(
          "%s is %d, expected %s: a collector that is away for longer loses events; if the brokers' disks have room: %s"
              .formatted(
                  name,
                  has,
                  needs < 0 ? "no limit" : "at least " + needs,
                  command(name, Long.toString(needs))));
    }
  }

  private void mendUnless(String name, String expected) {
    if (!value(name).equals(expected)) {
      mend(name, value(name), expected);
    }
  }

  private void mend(String name, String was, String is) {
    mends.put(name, is);
    findings.add(
        new Finding(Kind.MENDED, "%s was %s, expected %s: set to it".formatted(name, was, is)));
  }

  private void warn(String text) {
    findings.add(new Finding(Kind.WARNING, text));
  }

  private void refuse(String text) {
    findings.add(new Finding(Kind.REFUSED, text));
  }

  private String value(String name) {
    return config.get(name).value();
  }

  private String command(String name, String value) {
    return "kafka-configs --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s"
        .formatted(brokers, wanted.name(), name, value);
  }
}
