package dev.bitacora.collector.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.deadletter.DeadLettersContract;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.support.KafkaTopics;
import dev.bitacora.testkit.SharedEngines;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On a real broker. */
final class KafkaDeadLettersTest extends DeadLettersContract {
  private KafkaTopics topics;

  @AfterEach
  void forget() {
    topics.close();
  }

  @Override
  protected DeadLetters make() throws Exception {
    if (topics == null) {
      topics = KafkaTopics.fresh(SharedEngines.kafka());
    }
    return new KafkaDeadLetters(topics.connection());
  }

  @Test
  void aLetterOfAnotherProgram_isReadAsFarAsItCanBe() throws Exception {
    ProducerRecord<byte[], byte[]> foreign =
        new ProducerRecord<>(Topics.DEAD_LETTERS, "{}".getBytes(StandardCharsets.UTF_8));
    foreign.headers().add("bt-attempts", "many".getBytes(StandardCharsets.UTF_8));
    foreign.headers().add("__connect.errors.topic", "elsewhere".getBytes(StandardCharsets.UTF_8));
    topics.sendRaw(List.of(foreign));

    try (DeadLetters letters = make()) {
      assertThat(letters.list(10))
          .singleElement()
          .satisfies(
              letter -> {
                assertThat(letter.record().origin()).isEmpty();
                assertThat(letter.attempts()).isZero();
                assertThat(letter.appended()).isEqualTo(letter.at());
              });
    }
  }

  @Test
  void withoutTheTopic_itSaysWhatToDo() throws Exception {
    try (KafkaTopics none = KafkaTopics.none(SharedEngines.kafka());
        DeadLetters letters = new KafkaDeadLetters(none.connection())) {
      assertThatThrownBy(() -> letters.list(1))
          .isInstanceOf(DeadLettersUnavailableException.class)
          .hasMessageContaining("run: bitacora setup");
    }
  }
}
