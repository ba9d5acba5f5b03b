package dev.bitacora.bench.agent.calls;

/** The ways to record that are compared; the first ones are ours, and one does nothing. */
enum Way {
  NOTHING("nothing: the machine's noise"),
  AUDIT_LOG("AuditLog"),
  AUDIT_APPENDER("line, LogbackAuditAppender"),
  KAFKA_APPENDER("line, logback-kafka-appender"),
  DISRUPTOR_APPENDER("line, AsyncDisruptorAppender"),
  ASYNC_APPENDER("line, AsyncAppender"),
  PRODUCER("bytes, KafkaProducer.send");

  private final String text;

  Way(String text) {
    this.text = text;
  }

  /** For people. */
  String text() {
    return text;
  }

  /** Whether it does the same as our appender: a producer is only handed bytes. */
  boolean isPeer() {
    return this == KAFKA_APPENDER || this == DISRUPTOR_APPENDER || this == ASYNC_APPENDER;
  }
}
