package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.agent.testing.ChildProcess;
import dev.bitacora.agent.testing.IntakeServer;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.wire.RecordKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Components in processes of their own, configured by their environment. */
class ProcessTest {
  private final IntakeServer intake = new IntakeServer("t0ken");

  @TempDir private Path directory;

  @AfterEach
  void close() {
    intake.close();
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("BITACORA_SERVICE_NAME", "billing");
    environment.put("BITACORA_SERVICE_VERSION", "2.0");
    environment.put("BITACORA_ENVIRONMENT", "prd");
    environment.put("BITACORA_URL", intake.url().toString());
    environment.put("BITACORA_TOKEN", "t0ken");
    environment.put("BITACORA_SPOOL_DIR", directory.resolve("spool").toString());
    return environment;
  }

  private ChildProcess run(Class<?> main, Map<String, String> environment) throws Exception {
    return ChildProcess.run(directory, main, environment, jar -> true, List.of());
  }

  private List<Optional<String>> arrivedActions() {
    return intake.events(RecordKind.AUDIT).stream().map(e -> e.text("event.action")).toList();
  }

  @Test
  void readmeExample_endsByItself_andWhatItRecordedArrives() throws Exception {
    ChildProcess process = run(ReadmeExample.class, environment());

    assertThat(process.exitCode()).isZero();
    AuditEvent event = intake.events(RecordKind.AUDIT).get(0);
    assertThat(event.text("event.action")).contains("invoice.approve");
    assertThat(event.text("service.name")).contains("billing");
    assertThat(event.text("service.version")).contains("2.0");
    assertThat(process.errors().lines())
        .singleElement()
        .asString()
        .contains(
            "billing/prd", intake.url().toString(), "slot-0", "survives the death of the process")
        .doesNotContain("t0ken");
  }

  /** A component that keeps all threads of the common pool waiting. */
  static final class WaitingCommonPool {
    private WaitingCommonPool() {}

    public static void main(String[] arguments) {
      for (int i = 0; i < 2 * ForkJoinPool.getCommonPoolParallelism(); i++) {
        ForkJoinPool.commonPool()
            .execute(
                () -> {
                  while (true) {
                    LockSupport.park();
                  }
                });
      }
      ReadmeExample.main(arguments);
    }
  }

  @Test
  void componentThatKeepsTheCommonPoolWaiting_isDeliveredAllTheSame() throws Exception {
    ChildProcess process =
        ChildProcess.run(
            directory,
            WaitingCommonPool.class,
            environment(),
            jar -> true,
            List.of("-Djava.util.concurrent.ForkJoinPool.common.parallelism=2"));

    assertThat(process.exitCode()).isZero();
    assertThat(arrivedActions()).containsExactly(Optional.of("invoice.approve"));
    assertThat(intake.events(RecordKind.CONTROL))
        .extracting(event -> event.text("event.action"))
        .contains(Optional.of("agent.stop"));
  }

  @Test
  void withoutKafkaClients_httpWorks() throws Exception {
    ChildProcess process =
        ChildProcess.run(
            directory,
            ReadmeExample.class,
            environment(),
            jar -> !jar.contains("kafka"),
            List.of("-verbose:class"));

    assertThat(process.exitCode()).isZero();
    assertThat(arrivedActions()).containsExactly(Optional.of("invoice.approve"));
    assertThat(process.output())
        .contains("dev.bitacora.agent.AuditLog")
        .doesNotContain("org.apache.kafka");
  }

  @Test
  void withoutKafkaClients_kafkaIsAClearError() throws Exception {
    Map<String, String> environment = environment();
    environment.put("BITACORA_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092");
    ChildProcess process =
        ChildProcess.run(
            directory, ReadmeExample.class, environment, jar -> !jar.contains("kafka"), List.of());

    assertThat(process.exitCode()).isNotZero();
    assertThat(process.errors()).contains("kafka-clients is not on the class path");
  }

  @Test
  void tokenFromAFile_isUsedAndQuietIsQuiet() throws Exception {
    Path token = directory.resolve("token");
    Files.writeString(token, "t0ken\n");
    Map<String, String> environment = environment();
    environment.remove("BITACORA_TOKEN");
    environment.put("BITACORA_TOKEN_FILE", token.toString());
    environment.put("BITACORA_QUIET", "true");
    ChildProcess process = run(ReadmeExample.class, environment);

    assertThat(process.errors()).isEmpty();
    assertThat(arrivedActions()).containsExactly(Optional.of("invoice.approve"));
  }

  @Test
  void switchedOff_nothingIsSentAndNothingElseIsNeeded() throws Exception {
    ChildProcess process = run(ReadmeExample.class, Map.of("BITACORA_ENABLED", "false"));

    assertThat(process.exitCode()).isZero();
    assertThat(process.errors()).contains("switched off");
    assertThat(intake.requests()).isZero();
  }

  @Test
  void invalidEnvironment_isReportedAtOnce() throws Exception {
    ChildProcess process =
        run(
            ReadmeExample.class,
            Map.of("BITACORA_SERVICE_NAMES", "x", "BITACORA_QUIET", "perhaps"));

    assertThat(process.exitCode()).isNotZero();
    assertThat(process.errors())
        .contains("did you mean BITACORA_SERVICE_NAME?")
        .contains("quiet: expected true or false")
        .contains("BITACORA_SERVICE_NAME: required")
        .contains("BITACORA_ENVIRONMENT: required")
        .contains("BITACORA_URL or BITACORA_KAFKA_BOOTSTRAP_SERVERS");
  }

  @Test
  void logbackXml_shipsLinesAndMarkedEventsThroughTheSharedAgent() throws Exception {
    Path logback = directory.resolve("logback.xml");
    Files.writeString(
        logback,
        """
        <configuration>
          <appender name="BITACORA" class="dev.bitacora.agent.logback.LogbackAuditAppender"/>
          <root level="INFO"><appender-ref ref="BITACORA"/></root>
        </configuration>
        """);
    ChildProcess process =
        ChildProcess.run(
            directory,
            LoggingExample.class,
            environment(),
            jar -> true,
            List.of("-Dlogback.configurationFile=" + logback));

    assertThat(process.exitCode()).isZero();
    assertThat(arrivedActions()).containsExactly(Optional.of("batch.run"));
    AuditEvent line = intake.events(RecordKind.LOG).get(0);
    assertThat(line.text("message")).contains("started");
    assertThat(line.text("log.logger")).contains(LoggingExample.class.getName());
    assertThat(line.text("service.name")).contains("billing");
  }

  @Test
  void logbackXmlThatIsReadAgain_shipsEveryLineOnce() throws Exception {
    Path logback = directory.resolve("logback.xml");
    Files.writeString(
        logback,
        """
        <configuration scan="true" scanPeriod="50 milliseconds">
          <appender name="BITACORA" class="dev.bitacora.agent.logback.LogbackAuditAppender"/>
          <logger name="dev.bitacora" level="INFO"/>
          <root level="WARN"><appender-ref ref="BITACORA"/></root>
        </configuration>
        """);
    ChildProcess process =
        ChildProcess.run(
            directory,
            ReconfiguredExample.class,
            environment(),
            jar -> true,
            List.of("-Dlogback.configurationFile=" + logback));

    assertThat(process.exitCode()).as(process.errors()).isZero();
    assertThat(intake.events(RecordKind.LOG))
        .extracting(line -> line.text("message").orElseThrow())
        .containsExactly("line 0", "line 1", "line 2", "line 3", "read again", "line 4");
  }

  @Test
  void rootLoggerAtTrace_withKafkaAbsent_doesNotRecurse() throws Exception {
    Path logback = directory.resolve("logback.xml");
    Files.writeString(
        logback,
        """
        <configuration>
          <appender name="BITACORA" class="dev.bitacora.agent.logback.LogbackAuditAppender"/>
          <root level="TRACE"><appender-ref ref="BITACORA"/></root>
        </configuration>
        """);
    Map<String, String> environment = environment();
    environment.put("BITACORA_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");
    ChildProcess process =
        ChildProcess.run(
            directory,
            LoggingExample.class,
            environment,
            jar -> true,
            List.of("-Dlogback.configurationFile=" + logback));

    assertThat(process.exitCode()).isZero();
    // One start and one event in the audit lane, one start and one line in the log lane, and the
    // records of their readiness and end, and a seal for each second: nothing that Kafka's client
    // said, which would be far more.
    assertThat(process.errors())
        .containsPattern("([6-9]|1[0-9]) records were not delivered: they wait in .*slot-0");
  }
}
