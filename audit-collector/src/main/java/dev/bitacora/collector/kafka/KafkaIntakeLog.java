package dev.bitacora.collector.kafka;

import dev.bitacora.collector.index.LogRecord;
import dev.bitacora.collector.intake.IntakeLog;
import dev.bitacora.collector.intake.IntakeRecord;
import dev.bitacora.collector.intake.IntakeUnavailableException;
import dev.bitacora.collector.intake.ItemResult;
import dev.bitacora.collector.intake.Lane;
import dev.bitacora.core.wire.KafkaHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The distributed intake: writes to the lane's topic and acknowledges what all in-sync replicas
 * have. Whether an event is a duplicate is found out later, by the indexer. Safe for any thread.
 */
public final class KafkaIntakeLog implements IntakeLog, AutoCloseable {
  private final ConfirmedProducer producer;

  /** Connects when first used. */
  public KafkaIntakeLog(KafkaConnection connection) {
    this.producer = new ConfirmedProducer(connection);
  }

  @Override
  public List<ItemResult> append(List<IntakeRecord> records) throws IntakeUnavailableException {
    try {
      producer.send(records.stream().map(KafkaIntakeLog::producerRecord).toList());
    } catch (ConfirmedProducer.NotConfirmedException e) {
      throw new IntakeUnavailableException(e.getMessage(), e);
    }
    return records.stream().map(KafkaIntakeLog::accepted).toList();
  }

  private static ProducerRecord<byte[], byte[]> producerRecord(IntakeRecord record) {
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(
            Lane.of(record).topic(), KafkaHeaders.key(record.record()), record.record().value());
    KafkaHeaders.of(record.record())
        .forEach(header -> made.headers().add(header.name(), header.value()));
    made.headers()
        .add(
            LogRecord.COMPONENT_HEADER,
            record.sender().component().getBytes(StandardCharsets.UTF_8));
    return made;
  }

  private static ItemResult accepted(IntakeRecord record) {
    return new ItemResult(ItemResult.Status.ACCEPTED, record.record().position().eventId(), "");
  }

  @Override
  public void close() {
    producer.close();
  }
}
