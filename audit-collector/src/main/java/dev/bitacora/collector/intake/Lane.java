package dev.bitacora.collector.intake;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.wire.RecordKind;
import java.util.Locale;

/** The two ways events take; a stream belongs to one of them. */
public enum Lane {
  AUDIT("bitacora.audit"),
  LOG("bitacora.log");

  private final String topic;

  Lane(String topic) {
    this.topic = topic;
  }

  /** The Kafka topic; embedded, the beginning of the log's name. */
  public String topic() {
    return topic;
  }

  /** {@code audit} or {@code log}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Lane of(Dataset dataset) {
    return dataset == Dataset.LOG ? LOG : AUDIT;
  }

  /** The embedded service's only log of this lane. */
  public String embeddedLog() {
    return topic + "/0";
  }

  /**
   * The lane that a record travels in. A control record does not say it, but only the audit lane is
   * chained: behind a stream's first record, a link of zeros means the log lane. The first record,
   * {@code agent.start}, says which lane it opens.
   */
  public static Lane of(IntakeRecord record) {
    if (record.record().kind() != RecordKind.CONTROL) {
      return record.record().kind() == RecordKind.LOG ? LOG : AUDIT;
    }
    if (record.record().position().sequence() > 0) {
      return record.record().previous().equals(ChainLink.ZERO) ? LOG : AUDIT;
    }
    return record.event().text("audit.details.lane").filter("log"::equals).isPresent()
        ? LOG
        : AUDIT;
  }
}
