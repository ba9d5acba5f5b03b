package dev.bitacora.bench.agent.calls;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.logback.LogbackAuditAppender;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import net.logstash.logback.encoder.LogstashEncoder;
import org.slf4j.MDC;

/**
 * The log line that is compared. The peers' encoder is given all fields that our lines carry beside
 * the line itself, so that everybody ships about the same bytes. Immutable.
 */
final class SampleLine {
  private static final String LOGGER = "com.example.billing.Invoices";
  private static final String MESSAGE =
      "invoice {} approved by {} after {} ms: "
          + "all checks passed and the ledger agrees, ".repeat(4);
  private static final Object[] ARGUMENTS = {"I-981", "u42", 17};

  private final byte[] ours;
  private final String customFields;

  private SampleLine(byte[] ours, String customFields) {
    this.ours = ours;
    this.customFields = customFields;
  }

  /** As an agent of this configuration ships it. */
  static SampleLine of(AuditConfig config) {
    byte[] ours = shipped(config);
    return new SampleLine(ours, JsonWriter.toText(besideTheLine(ours)));
  }

  private static byte[] shipped(AuditConfig config) {
    AtomicReference<byte[]> bytes = new AtomicReference<>();
    try (AuditLog audit =
        AuditLog.open(config.toBuilder().onReceipt(r -> bytes.set(r.bytes())).build())) {
      LogbackAuditAppender appender = new LogbackAuditAppender();
      appender.setAuditLog(audit);
      LoggerContext context = context();
      log(logger(context, appender));
      context.stop();
    }
    return bytes.get();
  }

  /** What the peers' encoder does not write by itself. */
  private static Map<String, Object> besideTheLine(byte[] line) {
    try {
      Map<String, Object> fields = new LinkedHashMap<>(JsonTree.readObject(line));
      fields.keySet().removeAll(Set.of("@timestamp", "message", "log"));
      Map<Object, Object> process = new LinkedHashMap<>((Map<?, ?>) fields.get("process"));
      process.remove("thread");
      fields.put("process", process);
      return fields;
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("the agent has recorded no JSON", e);
    }
  }

  static LoggerContext context() {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(MDC.getMDCAdapter());
    return context;
  }

  /** The line's logger, of which this appender hears alone. */
  static Logger logger(LoggerContext context, Appender<ILoggingEvent> appender) {
    appender.setContext(context);
    appender.start();
    if (!appender.isStarted()) {
      throw new IllegalStateException(appender + " did not start: " + context.getStatusManager());
    }
    Logger logger = context.getLogger(LOGGER);
    logger.setAdditive(false);
    logger.addAppender(appender);
    return logger;
  }

  static void log(Logger logger) {
    logger.info(MESSAGE, ARGUMENTS);
  }

  /** What our appender ships. */
  byte[] ours() {
    return ours.clone();
  }

  /** What the peers' encoder makes of it. */
  byte[] peers() {
    LoggerContext context = context();
    Logger logger = context.getLogger(LOGGER);
    LoggingEvent event =
        new LoggingEvent(SampleLine.class.getName(), logger, Level.INFO, MESSAGE, null, ARGUMENTS);
    byte[] bytes = encoder(context).encode(event);
    context.stop();
    return bytes;
  }

  /** The peers' encoder, started. */
  LogstashEncoder encoder(LoggerContext context) {
    LogstashEncoder encoder = new LogstashEncoder();
    encoder.setContext(context);
    encoder.setCustomFields(customFields);
    encoder.start();
    return encoder;
  }

  String customFields() {
    return customFields;
  }
}
