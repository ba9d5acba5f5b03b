package dev.bitacora.collector.kafka;

import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.store.LogPosition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Dead letters in the topic {@code bitacora.dlq}: the record's own key, value and headers, followed
 * by Kafka Connect's names for where it came from and ours for what happened, all as UTF-8 text. Of
 * several headers with one name the last counts.
 */
public final class KafkaDeadLetters implements DeadLetters {
  private static final String CONNECT = "__connect.errors.";
  private static final String TOPIC = CONNECT + "topic";
  private static final String PARTITION = CONNECT + "partition";
  private static final String OFFSET = CONNECT + "offset";
  private static final String CONNECTOR = CONNECT + "connector.name";
  private static final String MESSAGE = CONNECT + "exception.message";
  private static final String REASON = "bt-reason";
  private static final String ATTEMPTS = "bt-attempts";
  private static final String REPLAYS = "bt-replays";
  private static final String SENDER = "bt-sender";
  private static final List<String> OURS =
      List.of(TOPIC, PARTITION, OFFSET, CONNECTOR, MESSAGE, REASON, ATTEMPTS, REPLAYS, SENDER);

  private static final Duration POLL = Duration.ofMillis(500);

  private final KafkaConnection connection;
  private final ConfirmedProducer producer;

  /** Connects when first used. */
  public KafkaDeadLetters(KafkaConnection connection) {
    this.connection = connection;
    this.producer = new ConfirmedProducer(connection);
  }

  @Override
  public void start() {}

  @Override
  public void add(List<DeadLetter> letters) throws DeadLettersUnavailableException {
    try {
      producer.send(letters.stream().map(KafkaDeadLetters::producerRecord).toList());
    } catch (ConfirmedProducer.NotConfirmedException e) {
      throw new DeadLettersUnavailableException("dead letters: " + e.getMessage(), e);
    }
  }

  private static ProducerRecord<byte[], byte[]> producerRecord(DeadLetter letter) {
    RawRecord record = letter.record();
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(
            Topics.DEAD_LETTERS, record.key().orElse(null), record.value().orElse(null));
    Headers headers = made.headers();
    record.headers().forEach(header -> headers.add(header.name(), header.value()));
    record.origin().ifPresent(origin -> addOrigin(headers, origin));
    add(headers, CONNECTOR, "bitacora-collector");
    add(headers, MESSAGE, letter.detail());
    add(headers, REASON, letter.reason().text());
    add(headers, ATTEMPTS, Integer.toString(letter.attempts()));
    add(headers, REPLAYS, Integer.toString(letter.replays()));
    add(headers, SENDER, record.sender());
    return made;
  }

  private static void addOrigin(Headers headers, LogPosition origin) {
    int slash = origin.log().lastIndexOf('/');
    add(headers, TOPIC, origin.log().substring(0, slash));
    add(headers, PARTITION, origin.log().substring(slash + 1));
    add(headers, OFFSET, Long.toString(origin.offset()));
  }

  private static void add(Headers headers, String name, String text) {
    headers.add(name, text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public List<DeadLetter> list(int limit) throws DeadLettersUnavailableException {
    List<DeadLetter> letters = new ArrayList<>();
    read(() -> letters.size() < limit, letters::add);
    return letters.size() > limit ? letters.subList(0, limit) : letters;
  }

  @Override
  public void forEach(Consumer<DeadLetter> consumer) throws DeadLettersUnavailableException {
    read(() -> true, consumer);
  }

  private void read(BooleanSupplier more, Consumer<DeadLetter> consumer)
      throws DeadLettersUnavailableException {
    try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(connection.reader())) {
      List<TopicPartition> partitions = partitions(reader);
      Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
      reader.assign(partitions);
      reader.seekToBeginning(partitions);
      while (more.getAsBoolean() && !isAtEnd(reader, ends)) {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
          consumer.accept(letter(record));
        }
      }
    } catch (KafkaException e) {
      throw new DeadLettersUnavailableException(
          "dead letters: " + KafkaTrouble.explain(e, connection), e);
    }
  }

  private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.DEAD_LETTERS).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new UnknownTopicOrPartitionException(Topics.DEAD_LETTERS);
    }
    return partitions;
  }

  private static boolean isAtEnd(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
    Headers headers = record.headers();
    List<KafkaHeaders.Header> own = new ArrayList<>();
    for (Header header : headers) {
      if (!OURS.contains(header.key())) {
        own.add(new KafkaHeaders.Header(header.key(), header.value()));
      }
    }
    return new DeadLetter(
        new RawRecord(
            origin(headers),
            text(headers, SENDER),
            Optional.ofNullable(record.key()),
            own,
            Optional.ofNullable(record.value())),
        DeadLetterReason.of(text(headers, REASON)).orElse(DeadLetterReason.MALFORMED_RECORD),
        text(headers, MESSAGE),
        number(headers, ATTEMPTS),
        number(headers, REPLAYS),
        Instant.ofEpochMilli(record.timestamp()));
  }

  private static Optional<LogPosition> origin(Headers headers) {
    String topic = text(headers, TOPIC);
    return topic.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new LogPosition(
                topic + "/" + text(headers, PARTITION), Long.parseLong(text(headers, OFFSET))));
  }

  private static String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static int number(Headers headers, String name) {
    String text = text(headers, name);
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
  }

  @Override
  public void close() {
    producer.close();
  }
}
