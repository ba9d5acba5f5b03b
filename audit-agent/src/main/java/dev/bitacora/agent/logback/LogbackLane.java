package dev.bitacora.agent.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import dev.bitacora.agent.AuditLog;

/**
 * The log lane attached to Logback's root logger by code, for components whose {@code logback.xml}
 * does not name the appender:
 *
 * <pre>{@code
 * LogbackLane lane = LogbackLane.attach(audit, (LoggerContext) LoggerFactory.getILoggerFactory());
 * }</pre>
 *
 * <p>It stays attached when the context is reset, as scanning a changed {@code logback.xml} or a
 * framework's start does, which detaches and stops every appender; what other threads log while
 * that is going on reaches no appender at all. An appender that {@code logback.xml} names needs
 * none of this: the configuration that is read again brings it back.
 *
 * <p>Safe for any thread. Closing detaches it; the agent stays open.
 */
public final class LogbackLane implements AutoCloseable {
  private static final String NAME = "BITACORA";

  private final LoggerContext context;
  private final LogbackAuditAppender appender = new LogbackAuditAppender();
  private final LoggerContextListener listener = new Reattaching();

  private LogbackLane(AuditLog audit, LoggerContext context) {
    this.context = context;
    appender.setName(NAME);
    appender.setContext(context);
    appender.setAuditLog(audit);
  }

  /** Ships every line that the context's root logger gets from now on. */
  public static LogbackLane attach(AuditLog audit, LoggerContext context) {
    LogbackLane lane = new LogbackLane(audit, context);
    lane.attach();
    context.addListener(lane.listener);
    return lane;
  }

  private Logger root() {
    return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private void attach() {
    appender.start();
    root().addAppender(appender);
  }

  private void detach() {
    boolean unused = root().detachAppender(appender);
    appender.stop();
  }

  /** Detaches it for good. May be called again. */
  @Override
  public void close() {
    context.removeListener(listener);
    detach();
  }

  private final class Reattaching implements LoggerContextListener {
    @Override
    public boolean isResetResistant() {
      return true;
    }

    @Override
    public void onReset(LoggerContext reset) {
      attach();
    }

    @Override
    public void onStop(LoggerContext stopped) {
      detach();
    }

    @Override
    public void onStart(LoggerContext started) {
      // attached already
    }

    @Override
    public void onLevelChange(Logger logger, Level level) {
      // levels are the configuration's
    }
  }
}
