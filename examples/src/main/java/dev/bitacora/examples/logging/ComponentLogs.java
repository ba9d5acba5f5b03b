package dev.bitacora.examples.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.logback.LogbackAuditAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The loggers of one component, beside those of other components in the same JVM. A program that is
 * alone in its JVM names the appender in a {@code logback.xml} instead.
 */
public final class ComponentLogs implements AutoCloseable {
  private final LoggerContext context = new LoggerContext();

  public ComponentLogs(String component, AuditLog audit) {
    context.setName(component);
    context.setMDCAdapter(MDC.getMDCAdapter());
    LogbackAuditAppender appender = new LogbackAuditAppender();
    appender.setContext(context);
    appender.setAuditLog(audit);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(Level.DEBUG);
  }

  /** Lets libraries of this JVM, such as the web server, say on the console only what matters. */
  public static void quietenLibraries() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext libraries) {
      libraries.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    }
  }

  public Logger logger(String name) {
    return context.getLogger(name);
  }

  @Override
  public void close() {
    context.stop();
  }
}
