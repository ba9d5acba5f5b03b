package dev.bitacora.agent;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A component whose Logback configuration is read again: by itself, and because it has changed. */
public final class ReconfiguredExample {
  private static final Logger LOG = LoggerFactory.getLogger(ReconfiguredExample.class);

  private ReconfiguredExample() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(System.getProperty("logback.configurationFile"));
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    LOG.info("line 0");
    for (int i = 1; i <= 3; i++) {
      context.reset();
      configure(context, file);
      LOG.info("line {}", i);
    }
    awaitScan(context, file);
    LOG.info("line 4");
  }

  private static void configure(LoggerContext context, Path file) throws JoranException {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(file.toFile());
  }

  /** The changed file lets this logger say more; the last thing it brings is the appender. */
  private static void awaitScan(LoggerContext context, Path file) throws IOException {
    var before = appender(context);
    String changed = Files.readString(file).replace("level=\"INFO\"", "level=\"DEBUG\"");
    Files.writeString(file, changed);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(2)));
    while (appender(context) == null || appender(context) == before) {
      LockSupport.parkNanos(5_000_000);
    }
    LOG.debug("read again");
  }

  private static Appender<ILoggingEvent> appender(LoggerContext context) {
    return context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("BITACORA");
  }
}
