package dev.bitacora.agent;

import dev.bitacora.agent.logback.AuditMarker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A component that knows nothing but SLF4J; its logback.xml names the appender. */
public final class LoggingExample {
  private static final Logger LOG = LoggerFactory.getLogger(LoggingExample.class);

  private LoggingExample() {}

  public static void main(String[] arguments) {
    LOG.info("started");
    LOG.atInfo().addMarker(AuditMarker.AUDIT).addKeyValue("action", "batch.run").log("ran");
  }
}
