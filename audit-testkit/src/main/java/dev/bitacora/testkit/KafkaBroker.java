package dev.bitacora.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * One Kafka broker that is its own controller (KRaft), on 127.0.0.1, without encryption or
 * authentication. Topics must be created; none appears by itself.
 */
public final class KafkaBroker extends RealServer {
  private final Path jars;
  private final int port = LoopbackPorts.free();

  private KafkaBroker(Path jars, Guard guard) {
    super("the Kafka broker", guard);
    this.jars = jars;
  }

  /** Starts a new, empty broker and returns when it is ready, after some five seconds. */
  public static KafkaBroker start() {
    return start(EngineFiles.configured());
  }

  static KafkaBroker start(EngineFiles engines) {
    Path jars = engines.kafka();
    KafkaBroker broker = new KafkaBroker(jars, Guard.start("kafka"));
    try {
      broker.format();
      broker.startProcess();
      return broker;
    } catch (IOException e) {
      broker.close();
      throw new UncheckedIOException("the Kafka broker: writing its configuration", e);
    } catch (RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  /** For {@code bootstrap.servers}: {@code 127.0.0.1:<port>}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  @Override
  List<String> command() {
    return java("-Xmx512m", "kafka.Kafka", "server.properties");
  }

  @Override
  boolean isReady() {
    return hasLogged("Kafka Server started");
  }

  private void format() throws IOException {
    Files.writeString(directory().resolve("logback.xml"), LOGBACK);
    Files.writeString(
        directory().resolve("server.properties"),
        PROPERTIES.formatted(LoopbackPorts.free(), port, directory().resolve("data")));
    prepare(
        java(
            "-XX:TieredStopAtLevel=1",
            "kafka.tools.StorageTool",
            "format",
            "--cluster-id",
            clusterId(),
            "--config",
            "server.properties"));
  }

  private List<String> java(String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("-cp");
    words.add(jars + "/*");
    words.add("-Dlogback.configurationFile=logback.xml");
    words.addAll(List.of(arguments));
    return words;
  }

  /** A UUID as Kafka writes it. */
  private static String clusterId() {
    UUID id = UUID.randomUUID();
    byte[] bytes =
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits() & Long.MAX_VALUE)
            .putLong(id.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static final String PROPERTIES =
      """
      process.roles=broker,controller
      node.id=1
      controller.quorum.voters=1@127.0.0.1:%1$d
      controller.listener.names=CONTROLLER
      listeners=PLAINTEXT://127.0.0.1:%2$d,CONTROLLER://127.0.0.1:%1$d
      advertised.listeners=PLAINTEXT://127.0.0.1:%2$d
      listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
      log.dirs=%3$s
      auto.create.topics.enable=false
      # One node cannot have more copies than one.
      offsets.topic.replication.factor=1
      transaction.state.log.replication.factor=1
      transaction.state.log.min.isr=1
      share.coordinator.state.topic.replication.factor=1
      share.coordinator.state.topic.min.isr=1
      # A consumer of a test is alone or few: no waiting for more of them, few partitions to create.
      group.initial.rebalance.delay.ms=0
      offsets.topic.num.partitions=4
      transaction.state.log.num.partitions=4
      share.coordinator.state.topic.num.partitions=1
      # The default of 128 MiB would be a quarter of the heap.
      log.cleaner.dedupe.buffer.size=16777216
      """;

  private static final String LOGBACK =
      """
      <configuration>
        <appender name="STDOUT" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%d{HH:mm:ss.SSS} %-5level %logger{0} %msg%n</pattern></encoder>
        </appender>
        <root level="INFO"><appender-ref ref="STDOUT"/></root>
      </configuration>
      """;
}
