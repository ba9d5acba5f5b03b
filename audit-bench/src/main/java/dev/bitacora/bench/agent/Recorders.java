package dev.bitacora.bench.agent;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import com.github.danielwegener.logback.kafka.KafkaAppender;
import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.context.User;
import dev.bitacora.agent.logback.LogbackAuditAppender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import net.logstash.logback.appender.LoggingEventAsyncDisruptorAppender;
import net.logstash.logback.encoder.LogstashEncoder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.MDC;

/** The ways to record that are compared. */
final class Recorders {
  /** Makes a line as long as an audit event. */
  private static final String LINE =
      "invoice {} approved by {} after {} ms: "
          + "all checks passed and the ledger agrees, ".repeat(4);

  private static final String CUSTOM_FIELDS =
      "{\"service\":{\"name\":\"billing\",\"environment\":\"prd\",\"version\":\"1.2.3\"}}";

  private final Path folder;
  private final String bootstrapServers;

  Recorders(Path folder, String bootstrapServers) {
    this.folder = folder;
    this.bootstrapServers = bootstrapServers;
  }

  Recorder nothing() {
    return new Recorder() {
      @Override
      public String name() {
        return "nothing";
      }

      @Override
      public void record() {
        // what the machine itself costs
      }

      @Override
      public void close() {
        // holds nothing
      }
    };
  }

  private AuditLog agent(String component) {
    return AuditLog.open(
        AuditConfig.builder()
            .component(component)
            .environment("prd")
            .version("1.2.3")
            .kafka(Map.of("bootstrap.servers", bootstrapServers))
            .spoolDir(folder.resolve("spool"))
            .drain(Duration.ofSeconds(1))
            .quiet(true)
            .build());
  }

  /** An audit event of some 600 bytes. */
  Recorder auditLog() {
    AuditLog audit = agent("billing");
    return new Recorder() {
      @Override
      public String name() {
        return "AuditLog";
      }

      @Override
      public void record() {
        var unused =
            audit
                .event("invoice.approve")
                .actor(User.id("u42").name("Ann Lee"))
                .target("invoice", "I-981")
                .change("status", "pending", "approved")
                .success()
                .record();
      }

      @Override
      public void close() {
        audit.close();
      }
    };
  }

  /** A log line through our appender. */
  Recorder auditAppender() {
    AuditLog audit = agent("billing-log");
    LogbackAuditAppender appender = new LogbackAuditAppender();
    appender.setAuditLog(audit);
    return logging("log line, LogbackAuditAppender", appender, audit::close);
  }

  Recorder disruptorAppender() {
    LoggingEventAsyncDisruptorAppender appender = new LoggingEventAsyncDisruptorAppender();
    LoggerContext context = context();
    appender.setContext(context);
    appender.addAppender(file(context, "disruptor.log"));
    return logging(context, "log line, AsyncDisruptorAppender + file", appender, () -> {});
  }

  Recorder asyncAppender() {
    AsyncAppender appender = new AsyncAppender();
    LoggerContext context = context();
    appender.setContext(context);
    appender.addAppender(file(context, "async.log"));
    appender.setQueueSize(8192);
    return logging(context, "log line, AsyncAppender + file", appender, () -> {});
  }

  Recorder kafkaAppender() {
    LoggerContext context = context();
    KafkaAppender<ILoggingEvent> appender = new KafkaAppender<>();
    appender.setEncoder(encoder(context));
    appender.setTopic("bitacora.log");
    appender.addProducerConfigValue("bootstrap.servers", bootstrapServers);
    appender.addProducerConfigValue("linger.ms", "20");
    return logging(context, "log line, logback-kafka-appender", appender, () -> {});
  }

  Recorder producer() {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 20, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    byte[] value = new byte[600];
    return new Recorder() {
      @Override
      public String name() {
        return "KafkaProducer.send, 600 bytes";
      }

      @Override
      public void record() {
        var unused = producer.send(new ProducerRecord<>("bitacora.log", value));
      }

      @Override
      public void close() {
        producer.close(Duration.ofSeconds(2));
      }
    };
  }

  private static Recorder logging(
      String name, Appender<ILoggingEvent> appender, Runnable afterwards) {
    return logging(context(), name, appender, afterwards);
  }

  private static Recorder logging(
      LoggerContext context, String name, Appender<ILoggingEvent> appender, Runnable afterwards) {
    appender.setContext(context);
    appender.start();
    Logger logger = context.getLogger("com.example.billing.Invoices");
    logger.setAdditive(false);
    logger.addAppender(appender);
    return new Recorder() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void record() {
        logger.info(LINE, "I-981", "u42", 17);
      }

      @Override
      public void close() {
        context.stop();
        afterwards.run();
      }
    };
  }

  private static LoggerContext context() {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(MDC.getMDCAdapter());
    return context;
  }

  private FileAppender<ILoggingEvent> file(LoggerContext context, String name) {
    FileAppender<ILoggingEvent> file = new FileAppender<>();
    file.setContext(context);
    file.setFile(folder.resolve(name).toString());
    file.setEncoder(encoder(context));
    file.setImmediateFlush(false);
    file.start();
    return file;
  }

  private static LogstashEncoder encoder(LoggerContext context) {
    LogstashEncoder encoder = new LogstashEncoder();
    encoder.setContext(context);
    encoder.setCustomFields(CUSTOM_FIELDS);
    encoder.start();
    return encoder;
  }
}
