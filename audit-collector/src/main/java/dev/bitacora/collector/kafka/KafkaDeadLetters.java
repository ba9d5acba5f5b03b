package dev.bitacora.collector.kafka;

import dev.bitacora.collector.deadletter.Closing;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.deadletter.DeadLetterId;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.deadletter.LetterSet;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.deadletter.StoredDeadLetter;
import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.store.LogPosition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Dead letters in the topic {@code bitacora.dlq}. All texts are UTF-8; of several headers with one
 * name the last counts.
 *
 * <pre>
 * letter
 *   key, value, headers          the record's own, byte for byte, and after its headers:
 *   __connect.errors.*           topic, partition, offset, connector.name, exception.message
 *   bt-reason                    a DeadLetterReason
 *   bt-attempts, bt-replays      decimal
 *   bt-sender                    component, or empty
 *   bt-appended                  when its log took it, ms since 1970; missing: when it was parked
 * closing                        in the letter's own partition, behind it
 *   key                          &lt;partition&gt;-&lt;offset&gt; of the letter
 *   value                        none
 *   bt-closed                    a Resolution
 *   bt-reason                    the letter's
 * </pre>
 *
 * A letter's id is its partition and offset.
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
  private static final String APPENDED = "bt-appended";
  private static final String CLOSED = "bt-closed";
  private static final List<String> OURS =
      List.of(
          TOPIC, PARTITION, OFFSET, CONNECTOR, MESSAGE, REASON, ATTEMPTS, REPLAYS, SENDER,
          APPENDED);

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
    send(letters.stream().map(KafkaDeadLetters::producerRecord).toList());
  }

  @Override
  public void close(List<Closing> closings) throws DeadLettersUnavailableException {
    send(closings.stream().map(KafkaDeadLetters::producerRecord).toList());
  }

  private void send(List<ProducerRecord<byte[], byte[]>> records)
      throws DeadLettersUnavailableException {
    try {
      producer.send(records);
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
    add(headers, APPENDED, Long.toString(letter.appended().toEpochMilli()));
    return made;
  }

  private static ProducerRecord<byte[], byte[]> producerRecord(Closing closing) {
    DeadLetterId letter = closing.letter();
    byte[] key = letter.text().getBytes(StandardCharsets.UTF_8);
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(Topics.DEAD_LETTERS, letter.part(), key, null);
    add(made.headers(), CLOSED, closing.resolution().text());
    add(made.headers(), REASON, closing.reason().text());
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

  /** Reads the topic twice: what is closed stands behind its letter. */
  @Override
  public void read(Visitor visitor) throws DeadLettersUnavailableException {
    try (TopicReader reader = new TopicReader(connection, List.of(Topics.DEAD_LETTERS))) {
      LetterSet closed = new LetterSet();
      reader.readAll(
          record -> {
            closedBy(record).ifPresent(closed::add);
            return true;
          });
      Visit visit = new Visit(closed, visitor);
      reader.readAll(visit::record);
      visit.rethrow();
    } catch (TopicReader.StalledException e) {
      throw new DeadLettersUnavailableException("dead letters: " + e.getMessage(), e);
    } catch (KafkaException e) {
      throw new DeadLettersUnavailableException(
          "dead letters: " + KafkaTrouble.explain(e, connection), e);
    }
  }

  /** Shows the open letters among the topic's records to a visitor. */
  private static final class Visit {
    private final LetterSet closed;
    private final Visitor visitor;
    private DeadLettersUnavailableException failure;

    Visit(LetterSet closed, Visitor visitor) {
      this.closed = closed;
      this.visitor = visitor;
    }

    boolean record(ConsumerRecord<byte[], byte[]> record) {
      DeadLetterId id = new DeadLetterId(record.partition(), record.offset());
      if (record.headers().lastHeader(CLOSED) != null || closed.contains(id)) {
        return true;
      }
      try {
        return visitor.visit(new StoredDeadLetter(id, letter(record)));
      } catch (DeadLettersUnavailableException e) {
        failure = e;
        return false;
      }
    }

    void rethrow() throws DeadLettersUnavailableException {
      if (failure != null) {
        throw failure;
      }
    }
  }

  /** The letter that this record closes, if it does. */
  private static Optional<DeadLetterId> closedBy(ConsumerRecord<byte[], byte[]> record) {
    return record.headers().lastHeader(CLOSED) == null || record.key() == null
        ? Optional.empty()
        : DeadLetterId.of(new String(record.key(), StandardCharsets.UTF_8));
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
        appended(record),
        Instant.ofEpochMilli(record.timestamp()));
  }

  private static Instant appended(ConsumerRecord<byte[], byte[]> record) {
    String millis = text(record.headers(), APPENDED);
    return Instant.ofEpochMilli(
        millis.matches("\\d{1,15}") ? Long.parseLong(millis) : record.timestamp());
  }

  /** Only a whole one: another program may write here, too. */
  private static Optional<LogPosition> origin(Headers headers) {
    String log = text(headers, TOPIC) + "/" + text(headers, PARTITION);
    String offset = text(headers, OFFSET);
    return log.matches("\\S+/\\d{1,9}") && offset.matches("\\d{1,18}")
        ? Optional.of(new LogPosition(log, Long.parseLong(offset)))
        : Optional.empty();
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
