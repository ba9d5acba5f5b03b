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
import java.util.stream.Stream;

/**
 * One Kafka broker that is its own controller (KRaft), on 127.0.0.1, without encryption or
 * authentication. Topics must be created; none appears by itself.
 *
 * <p>A guarded one has further doors beside the open one, through which anyone may do anything: TLS
 * ({@link #tlsServers}), TLS with a password ({@link #loginServers}), behind which {@link #USER}
 * may do what it is granted, and one that is advertised at a port where a test puts a proxy ({@link
 * #proxiedServers}).
 */
public final class KafkaBroker extends RealServer {
  /** Who can log in at {@link #loginServers}, by SASL/PLAIN. */
  public static final String USER = "agent";

  public static final String PASSWORD = "testkit-password";

  private final Path jars;
  private final int port = LoopbackPorts.free();
  private final int tlsPort = LoopbackPorts.free();
  private final int loginPort = LoopbackPorts.free();
  private final int proxiedPort = LoopbackPorts.free();
  private final int advertisedPort = LoopbackPorts.free();

  private final boolean isElsewhere;
  private final int controllerPort;
  private final String clusterId;

  private KafkaBroker(
      Path jars, boolean isElsewhere, int controllerPort, String clusterId, Guard guard) {
    super("the Kafka broker", guard);
    this.jars = jars;
    this.isElsewhere = isElsewhere;
    this.controllerPort = controllerPort;
    this.clusterId = clusterId;
  }

  /** Starts a new, empty broker and returns when it is ready, after some five seconds. */
  public static KafkaBroker start() {
    return start(EngineFiles.configured());
  }

  /** The same with further doors. */
  public static KafkaBroker startGuarded() {
    return start(EngineFiles.configured(), true, false);
  }

  /**
   * Starts one for a benchmark, in which it stands for a broker on another machine: its threads
   * take what nobody else wants of the processors, and nothing of the first one where there are
   * more. What is measured can evade it there: the kernel lets even the idlest thread run now and
   * then, for some milliseconds.
   */
  public static KafkaBroker startElsewhere() {
    return start(EngineFiles.configured(), false, true);
  }

  /**
   * Starts two more brokers for the cluster of this one, which stays its only controller. The
   * caller closes them.
   */
  public List<KafkaBroker> startTwoMore() {
    KafkaBroker second = startBeside(2);
    try {
      return List.of(second, startBeside(3));
    } catch (RuntimeException e) {
      second.close();
      throw e;
    }
  }

  private KafkaBroker startBeside(int id) {
    KafkaBroker broker =
        new KafkaBroker(jars, false, controllerPort, clusterId, Guard.start("kafka"));
    broker.start(() -> broker.configureBeside(id));
    return broker;
  }

  static KafkaBroker start(EngineFiles engines) {
    return start(engines, false, false);
  }

  private static KafkaBroker start(EngineFiles engines, boolean isGuarded, boolean isElsewhere) {
    Path jars = engines.kafka();
    KafkaBroker broker =
        new KafkaBroker(
            jars, isElsewhere, LoopbackPorts.free(), newClusterId(), Guard.start("kafka"));
    broker.start(() -> broker.configure(isGuarded));
    return broker;
  }

  /** What writes files. */
  private interface Writing {
    void run() throws IOException;
  }

  private void start(Writing configuration) {
    try {
      configuration.run();
      format();
      startProcess();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException("the Kafka broker: writing its configuration", e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** For {@code bootstrap.servers}: {@code 127.0.0.1:<port>}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** A guarded broker's door that speaks TLS, as whom {@link #caFile} vouches for. */
  public String tlsServers() {
    return "127.0.0.1:" + tlsPort;
  }

  /** A guarded broker's door that speaks TLS and asks for a password. */
  public String loginServers() {
    return "127.0.0.1:" + loginPort;
  }

  /** Where a guarded broker says it is; a proxy there forwards to {@link #proxiedPort}. */
  public String proxiedServers() {
    return "127.0.0.1:" + advertisedPort;
  }

  /** Where what comes through the proxy goes. */
  public int proxiedPort() {
    return proxiedPort;
  }

  /** A guarded broker's certificate, PEM. */
  public Path caFile() {
    return directory().resolve("http.crt");
  }

  @Override
  List<String> command() {
    List<String> java = java("-Xmx512m", "kafka.Kafka", "server.properties");
    return isElsewhere ? elsewhere(java) : java;
  }

  private static List<String> elsewhere(List<String> command) {
    int last = Runtime.getRuntime().availableProcessors() - 1;
    String processors = Math.min(1, last) + "-" + last;
    Stream<String> prefix = Stream.of("taskset", "--cpu-list", processors, "chrt", "--idle", "0");
    return Stream.concat(prefix, command.stream()).toList();
  }

  @Override
  boolean isReady() {
    return hasLogged("Kafka Server started");
  }

  /** As a broker that leaves the controlling to the first. */
  private void configureBeside(int id) throws IOException {
    configure(false);
    Path file = directory().resolve("server.properties");
    String alone = Files.readString(file);
    Files.writeString(
        file,
        alone
            .replace("process.roles=broker,controller", "process.roles=broker")
            .replace("node.id=1", "node.id=" + id)
            .replace(",CONTROLLER://127.0.0.1:" + controllerPort, ""));
  }

  private void configure(boolean isGuarded) throws IOException {
    Files.writeString(directory().resolve("logback.xml"), LOGBACK);
    String properties =
        PROPERTIES.formatted(
            controllerPort,
            port,
            directory().resolve("data"),
            isGuarded ? LISTENERS.formatted(tlsPort, loginPort, proxiedPort) : "",
            isGuarded ? LISTENERS.formatted(tlsPort, loginPort, advertisedPort) : "",
            isGuarded ? PROTOCOLS : "");
    if (isGuarded) {
      TlsIdentity unused = TlsIdentity.create(directory());
      properties += GUARD.formatted(directory(), USER, PASSWORD);
    }
    Files.writeString(directory().resolve("server.properties"), properties);
  }

  private void format() {
    prepare(
        java(
            "-XX:TieredStopAtLevel=1",
            "kafka.tools.StorageTool",
            "format",
            "--cluster-id",
            clusterId,
            "--config",
            "server.properties"));
  }

  private List<String> java(String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(jvmOptions());
    words.add("-cp");
    words.add(jars + "/*");
    words.add("-Dlogback.configurationFile=logback.xml");
    words.addAll(List.of(arguments));
    return words;
  }

  /** A UUID as Kafka writes it. */
  private static String newClusterId() {
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
      listeners=PLAINTEXT://127.0.0.1:%2$d,CONTROLLER://127.0.0.1:%1$d%4$s
      advertised.listeners=PLAINTEXT://127.0.0.1:%2$d%5$s
      listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT%6$s
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

  private static final String LISTENERS =
      ",TLS://127.0.0.1:%d,LOGIN://127.0.0.1:%d,PROXIED://127.0.0.1:%d";

  private static final String PROTOCOLS = ",TLS:SSL,LOGIN:SASL_SSL,PROXIED:PLAINTEXT";

  private static final String GUARD =
      """
      inter.broker.listener.name=PLAINTEXT
      ssl.keystore.type=PKCS12
      ssl.keystore.location=%1$s/http.p12
      ssl.keystore.password=testkit
      ssl.key.password=testkit
      sasl.enabled.mechanisms=PLAIN
      listener.name.login.plain.sasl.jaas.config=\
        org.apache.kafka.common.security.plain.PlainLoginModule required user_%2$s="%3$s";
      authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
      super.users=User:ANONYMOUS
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
