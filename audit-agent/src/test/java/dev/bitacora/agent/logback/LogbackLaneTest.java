package dev.bitacora.agent.logback;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.agent.testing.TestConfig;
import dev.bitacora.core.wire.RecordKind;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.MDC;

/** An appender that code has attached outlives what Logback does to its context. */
final class LogbackLaneTest {
  private static final String CONFIGURATION =
      "<configuration><root level=\"INFO\"/></configuration>";

  private final IntakeServer intake = new IntakeServer("t");
  private final AuditLog audit =
      AuditLog.open(TestConfig.deliveringTo(intake).drain(Duration.ofSeconds(30)).build());
  private final LoggerContext context = new LoggerContext();
  private final Logger logger;

  LogbackLaneTest() {
    context.setMDCAdapter(MDC.getMDCAdapter());
    logger = context.getLogger("com.example.Cleaner");
  }

  @AfterEach
  void close() {
    audit.close();
    intake.close();
  }

  private List<String> arrived() {
    audit.close();
    return intake.events(RecordKind.LOG).stream()
        .map(line -> line.text("message").orElseThrow())
        .toList();
  }

  private void configure(String xml) throws JoranException {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void resets_keepItAttached_once() throws JoranException {
    try (LogbackLane lane = LogbackLane.attach(audit, context)) {
      assertThat(lane).isNotNull();
      logger.info("before");
      context.reset();
      logger.info("between");
      configure(CONFIGURATION);
      logger.info("after");
      context.reset();
      context.reset();
      configure(CONFIGURATION);
      logger.info("last");
      logger.debug("below the new configuration's level");
    }

    assertThat(arrived()).containsExactly("before", "between", "after", "last");
  }

  @Test
  void configurationThatCannotBeRead_leavesItAttached() {
    try (LogbackLane lane = LogbackLane.attach(audit, context)) {
      assertThat(lane).isNotNull();
      context.reset();
      try {
        configure("<configuration>");
      } catch (JoranException e) {
        logger.info("not readable");
      }
    }

    assertThat(arrived()).containsExactly("not readable");
  }

  @Test
  void closed_itIsNotAttachedAgain() {
    LogbackLane lane = LogbackLane.attach(audit, context);
    logger.info("before");
    lane.close();
    lane.close();
    logger.info("after");
    context.reset();
    logger.info("after a reset");

    assertThat(arrived()).containsExactly("before");
  }

  @Test
  void stoppedContext_letsItGo() {
    LogbackLane lane = LogbackLane.attach(audit, context);
    context.stop();
    logger.info("too late");
    lane.close();

    assertThat(arrived()).isEmpty();
  }
}
