package dev.bitacora.agent.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import dev.bitacora.agent.AgentThreads;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.core.config.InvalidConfigurationException;
import java.util.Optional;

/**
 * Ships a component's log lines; those marked {@code AUDIT} become audit events from their
 * key-values.
 *
 * <pre>{@code
 * <appender name="BITACORA" class="dev.bitacora.agent.logback.LogbackAuditAppender"/>
 * <root level="INFO"><appender-ref ref="BITACORA"/></root>
 * }</pre>
 *
 * <p>Without {@link #setAuditLog} it uses {@link AuditLog#shared()}, configured by the environment;
 * when that is invalid, the appender does not start and says why to Logback's status manager. Never
 * throws and never blocks. What the agent's own threads log (Kafka's client does) is ignored.
 */
public final class LogbackAuditAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
  /** True while this thread encodes a line: what an argument's toString() logs is left out. */
  private final ThreadLocal<Boolean> encoding = new ThreadLocal<>();

  private Optional<AuditLog> audit = Optional.empty();
  private AuditLog agent;
  private LogLines lines;

  /** The agent to ship with, instead of the process's shared one. */
  public void setAuditLog(AuditLog audit) {
    this.audit = Optional.of(audit);
  }

  @Override
  public void start() {
    try {
      agent = audit.orElseGet(AuditLog::shared);
      lines = new LogLines(agent, new StructuredFields(this));
      super.start();
    } catch (InvalidConfigurationException e) {
      addError("log lines are not shipped: " + e.getMessage());
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (encoding.get() != null || AgentThreads.isOne(event.getThreadName())) {
      return;
    }
    if (!AuditMarker.isOn(event) && agent.shedsLine(event.getLevel().toString())) {
      return;
    }
    encoding.set(true);
    try {
      var unused = lines.draft(event).record();
    } finally {
      encoding.set(null);
    }
  }
}
