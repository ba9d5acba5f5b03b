package dev.bitacora.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaBrokerTest {
  private static KafkaBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = KafkaBroker.start();
  }

  @AfterAll
  static void closeBroker() {
    broker.close();
    assertThat(broker.directory()).doesNotExist();
  }

  @Test
  void aRecordSent_isReceived() throws Exception {
    createTopic("sent");
    try (KafkaProducer<String, String> producer = producer()) {
      send(producer, "sent", "hello").get(30, TimeUnit.SECONDS);
    }
    assertThat(receive("sent", 1)).containsExactly("hello");
  }

  @Test
  void killAndRestart_keepsPortAndRecords() throws Exception {
    createTopic("kept");
    try (KafkaProducer<String, String> producer = producer()) {
      send(producer, "kept", "before").get(30, TimeUnit.SECONDS);
      String address = broker.bootstrapServers();
      long pid = broker.pid();

      broker.kill();
      assertThat(ProcessHandle.of(pid)).isEmpty();
      broker.restart();

      assertThat(broker.bootstrapServers()).isEqualTo(address);
      assertThat(broker.pid()).isNotEqualTo(pid);
      send(producer, "kept", "after").get(60, TimeUnit.SECONDS);
    }
    assertThat(receive("kept", 2)).containsExactly("before", "after");
  }

  @Test
  void stopAndRestart_keepsRecords() throws Exception {
    createTopic("stopped");
    try (KafkaProducer<String, String> producer = producer()) {
      send(producer, "stopped", "before").get(30, TimeUnit.SECONDS);
    }
    broker.stop();
    broker.restart();
    assertThat(receive("stopped", 1)).containsExactly("before");
  }

  @Test
  void restartWhereThePortIsTaken_fails_withTheErrorThatTheShutdownCameAfter() throws Exception {
    broker.stop();
    int port = Integer.parseInt(broker.bootstrapServers().split(":", -1)[1]);
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(broker::restart)
          .hasMessageContaining("ended with exit code 1 instead of starting")
          .hasMessageContaining("Address already in use");
    }
    broker.restart();
  }

  @Test
  void pausedBroker_answersOnlyAfterItIsResumed() throws Exception {
    createTopic("paused");
    try (KafkaProducer<String, String> producer = producer()) {
      send(producer, "paused", "first").get(30, TimeUnit.SECONDS);

      broker.pause();
      Future<RecordMetadata> waiting = send(producer, "paused", "second");
      assertThatThrownBy(() -> waiting.get(1, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);
      broker.resume();

      waiting.get(60, TimeUnit.SECONDS);
    }
    assertThat(receive("paused", 2)).containsExactly("first", "second");
  }

  private static void createTopic(String name) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(60, TimeUnit.SECONDS);
    }
  }

  private static KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
        new StringSerializer(),
        new StringSerializer());
  }

  private static Future<RecordMetadata> send(
      KafkaProducer<String, String> producer, String topic, String value) {
    return producer.send(new ProducerRecord<>(topic, value));
  }

  private static List<String> receive(String topic, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "enable.auto.commit", "false"),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
              });
    }
    return values;
  }
}
