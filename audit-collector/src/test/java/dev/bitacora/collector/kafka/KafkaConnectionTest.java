package dev.bitacora.collector.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.config.Configuration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

/** What reaches Kafka's clients of that which an operator sets. */
final class KafkaConnectionTest {
  private static KafkaConnection connection(Map<String, String> environment) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("BITACORA_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092");
    return new KafkaConnection(Configuration.reader(variables).read().kafkaProperties());
  }

  private static ConsumerConfig consumer(Map<String, String> environment) {
    return new ConsumerConfig(connection(environment).consumer());
  }

  @Test
  void theCollectorsRack_reachesTheConsumer_soThatItFetchesFromTheReplicaNextToIt() {
    ConsumerConfig config = consumer(Map.of("BITACORA_KAFKA_CLIENT_RACK", "eu-west-1b"));
    assertThat(config.getString(ConsumerConfig.CLIENT_RACK_CONFIG)).isEqualTo("eu-west-1b");
  }

  @Test
  void withoutARack_theConsumerHasNone() {
    assertThat(consumer(Map.of()).getString(ConsumerConfig.CLIENT_RACK_CONFIG)).isEmpty();
  }

  @Test
  void anyOtherProperty_reachesTheConsumer() {
    ConsumerConfig config =
        consumer(
            Map.of(
                "BITACORA_KAFKA_GROUP_ID", "second-index",
                "BITACORA_KAFKA_MAX_POLL_RECORDS", "77",
                "BITACORA_KAFKA_SESSION_TIMEOUT_MS", "9000"));
    assertThat(config.getString(ConsumerConfig.GROUP_ID_CONFIG)).isEqualTo("second-index");
    assertThat(config.getInt(ConsumerConfig.MAX_POLL_RECORDS_CONFIG)).isEqualTo(77);
    assertThat(config.getInt(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG)).isEqualTo(9000);
  }

  @Test
  void onWhatCorrectnessDepends_nobodyCanChange() {
    Map<String, String> careless =
        Map.of(
            "BITACORA_KAFKA_ENABLE_AUTO_COMMIT", "true",
            "BITACORA_KAFKA_AUTO_OFFSET_RESET", "latest",
            "BITACORA_KAFKA_PARTITION_ASSIGNMENT_STRATEGY",
                "org.apache.kafka.clients.consumer.RangeAssignor",
            "BITACORA_KAFKA_ALLOW_AUTO_CREATE_TOPICS", "true",
            "BITACORA_KAFKA_ACKS", "1",
            "BITACORA_KAFKA_ENABLE_IDEMPOTENCE", "false");
    ConsumerConfig config = consumer(careless);
    assertThat(config.getBoolean(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG)).isFalse();
    assertThat(config.getString(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG)).isEqualTo("none");
    assertThat(config.getList(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG))
        .containsExactly(CooperativeStickyAssignor.class.getName());
    assertThat(config.getBoolean(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG)).isFalse();
    ProducerConfig producer = new ProducerConfig(connection(careless).producer());
    assertThat(producer.getString(ProducerConfig.ACKS_CONFIG)).isEqualTo("-1");
    assertThat(producer.getBoolean(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG)).isTrue();
  }
}
