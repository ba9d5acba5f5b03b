package dev.bitacora.bench.agent.calls;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.FileAppender;
import com.github.danielwegener.logback.kafka.KafkaAppender;
import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.context.User;
import dev.bitacora.agent.logback.LogbackAuditAppender;
import dev.bitacora.bench.kafka.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import net.logstash.logback.appender.LoggingEventAsyncDisruptorAppender;
import net.logstash.logback.appender.listener.AppenderListener;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Opens the ways to record, each with its defaults where nothing else is said. */
final class Recorders {
  /**
   * Enough that no outage of the benchmark fills it: what is compared is recording, not refusing.
   */
  static final long SPOOL_BYTES = 8L << 30;

  private final Path folder;
  private final String bootstrapServers;
  private final SampleLine line;

  /**
   * Opens nothing yet.
   *
   * @param folder for spools and log files; the caller removes it
   */
  Recorders(Path folder, String bootstrapServers) {
    this.folder = folder;
    this.bootstrapServers = bootstrapServers;
    this.line = SampleLine.of(config("sample"));
  }

  SampleLine line() {
    return line;
  }

  Recorder open(Way way) {
    return switch (way) {
      case NOTHING -> new Opened(() -> {}, () -> 0, () -> {});
      case AUDIT_LOG -> auditLog();
      case AUDIT_APPENDER -> auditAppender();
      case KAFKA_APPENDER -> kafkaAppender();
      case DISRUPTOR_APPENDER -> disruptorAppender();
      case ASYNC_APPENDER -> asyncAppender();
      case PRODUCER -> producer();
    };
  }

  private record Opened(Runnable call, LongSupplier losses, Runnable closing) implements Recorder {
    @Override
    public void record() {
      call.run();
    }

    @Override
    public long lost() {
      return losses.getAsLong();
    }

    @Override
    public void close() {
      closing.run();
    }
  }

  private AuditConfig config(String component) {
    return AuditConfig.builder()
        .component(component)
        .environment("prd")
        .version("1.2.3")
        .kafka(Map.of("bootstrap.servers", bootstrapServers))
        .spoolDir(folder.resolve("spool"))
        .auditSpoolBytes(SPOOL_BYTES)
        .logSpoolBytes(SPOOL_BYTES)
        .drain(Duration.ZERO)
        .quiet(true)
        .build();
  }

  /** An audit event of some 680 bytes. */
  private Recorder auditLog() {
    AuditLog audit = AuditLog.open(config("billing"));
    return new Opened(() -> approve(audit), () -> audit.health().refused(), audit::close);
  }

  private static void approve(AuditLog audit) {
    var unused =
        audit
            .event("invoice.approve")
            .actor(User.id("u42").name("Ann Lee"))
            .target("invoice", "I-981")
            .change("status", "pending", "approved")
            .success()
            .record();
  }

  private Recorder auditAppender() {
    AuditLog audit = AuditLog.open(config("billing-log"));
    LogbackAuditAppender appender = new LogbackAuditAppender();
    appender.setAuditLog(audit);
    Recorder logging = logging(SampleLine.context(), appender, () -> audit.health().shed());
    return new Opened(
        logging::record,
        logging::lost,
        () -> {
          logging.close();
          audit.close();
        });
  }

  /** It hands what it could not deliver to its own appenders. */
  private Recorder kafkaAppender() {
    LoggerContext context = SampleLine.context();
    LongAdder lost = new LongAdder();
    Appender<ILoggingEvent> losses =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            lost.increment();
          }
        };
    losses.setContext(context);
    losses.start();
    KafkaAppender<ILoggingEvent> appender = new KafkaAppender<>();
    appender.setEncoder(line.encoder(context));
    appender.setTopic(Topics.LOG);
    appender.addProducerConfigValue("bootstrap.servers", bootstrapServers);
    appender.addProducerConfigValue("linger.ms", "20");
    appender.addAppender(losses);
    return logging(context, appender, lost::sum);
  }

  private Recorder disruptorAppender() {
    LoggerContext context = SampleLine.context();
    LongAdder lost = new LongAdder();
    LoggingEventAsyncDisruptorAppender appender = new LoggingEventAsyncDisruptorAppender();
    appender.setContext(context);
    appender.addAppender(file(context, "disruptor.log"));
    appender.setAddDefaultStatusListener(false); // it prints each loss, a hundred thousand here
    appender.addListener(
        new AppenderListener<>() {
          @Override
          public void eventAppendFailed(
              Appender<ILoggingEvent> from, ILoggingEvent event, Throwable reason) {
            lost.increment();
          }
        });
    return logging(context, appender, lost::sum);
  }

  private Recorder asyncAppender() {
    LoggerContext context = SampleLine.context();
    LongAdder lost = new LongAdder();
    AsyncAppender appender =
        new AsyncAppender() {
          /** Is asked when its queue is nearly full. */
          @Override
          protected boolean isDiscardable(ILoggingEvent event) {
            boolean isDiscarded = super.isDiscardable(event);
            if (isDiscarded) {
              lost.increment();
            }
            return isDiscarded;
          }
        };
    appender.setContext(context);
    appender.addAppender(file(context, "async.log"));
    appender.setQueueSize(8192); // as the disruptor's
    return logging(context, appender, lost::sum);
  }

  private Recorder producer() {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 20, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    LongAdder lost = new LongAdder();
    byte[] value = line.ours();
    Runnable send =
        () -> {
          var unused =
              producer.send(
                  new ProducerRecord<>(Topics.LOG, value),
                  (metadata, error) -> {
                    if (error != null) {
                      lost.increment();
                    }
                  });
        };
    return new Opened(send, lost::sum, () -> producer.close(Duration.ZERO));
  }

  private static Recorder logging(
      LoggerContext context, Appender<ILoggingEvent> appender, LongSupplier losses) {
    Logger logger = SampleLine.logger(context, appender);
    return new Opened(() -> SampleLine.log(logger), losses, context::stop);
  }

  private FileAppender<ILoggingEvent> file(LoggerContext context, String name) {
    FileAppender<ILoggingEvent> file = new FileAppender<>();
    file.setContext(context);
    file.setFile(folder.resolve(name).toString());
    file.setEncoder(line.encoder(context));
    file.setImmediateFlush(false);
    file.start();
    return file;
  }
}
