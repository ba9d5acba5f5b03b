package dev.bitacora.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One Elasticsearch node on 127.0.0.1, made from the distribution that its own integration tests
 * use: templates, bulk, search and security with users from files, but no ingest pipelines, no
 * lifecycle policies, no data streams. Runs as user nobody when this JVM is root's, since the
 * server refuses root.
 */
public final class ElasticsearchNode extends RealServer {
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);

  private final ElasticsearchOptions options;
  private final ElasticsearchUser admin =
      new ElasticsearchUser("testkit", UUID.randomUUID().toString(), "superuser");
  private final int port = LoopbackPorts.free();
  private final Optional<TlsIdentity> tls;
  private final Set<String> lockedOut = new HashSet<>();

  private ElasticsearchNode(ElasticsearchOptions options, Guard guard) {
    super("the Elasticsearch node", guard);
    this.options = options;
    this.tls =
        options.tls() ? Optional.of(TlsIdentity.create(guard.directory())) : Optional.empty();
  }

  /** Starts a new, empty node open to everyone and returns when it is ready, after 15 to 20 s. */
  public static ElasticsearchNode start() {
    return start(ElasticsearchOptions.plain());
  }

  /** Starts a new, empty node and returns when it is ready. */
  public static ElasticsearchNode start(ElasticsearchOptions options) {
    return start(EngineFiles.configured(), options);
  }

  static ElasticsearchNode start(EngineFiles engines, ElasticsearchOptions options) {
    Path zip = engines.elasticsearch();
    Guard guard = Guard.start("elasticsearch");
    try {
      ElasticsearchNode node = new ElasticsearchNode(options, guard);
      node.install(zip);
      node.startProcess();
      return node;
    } catch (IOException e) {
      guard.close();
      throw new UncheckedIOException("the Elasticsearch node: unpacking it", e);
    } catch (RuntimeException e) {
      guard.close();
      throw e;
    }
  }

  /** {@code http://127.0.0.1:<port>}, or https. */
  public URI url() {
    return URI.create((options.tls() ? "https" : "http") + "://127.0.0.1:" + port);
  }

  /** A user of a secured node who may do everything. */
  public ElasticsearchUser admin() {
    if (!options.secured()) {
      throw new IllegalStateException("the node was started without security and has no users");
    }
    return admin;
  }

  /** The certificate (PEM) that a client of a node with TLS has to trust. */
  public Path caFile() {
    return tls.orElseThrow(() -> new IllegalStateException("the node was started without TLS"))
        .certificateFile();
  }

  @Override
  List<String> command() {
    Path home = home();
    List<String> words = new ArrayList<>();
    Unprivileged.user().ifPresent(user -> words.addAll(user.prefix()));
    words.add("env");
    words.addAll(List.of("-u", "JAVA_HOME", "-u", "JAVA_TOOL_OPTIONS", "-u", "ES_PATH_CONF"));
    words.add("ES_JAVA_HOME=" + System.getProperty("java.home"));
    String heap = "-Xms%1$dm -Xmx%1$dm ".formatted(options.heapMegabytes());
    words.add("ES_JAVA_OPTS=" + heap + String.join(" ", jvmOptions()));
    words.add("CLI_JAVA_OPTS=-XX:TieredStopAtLevel=1"); // the launcher's
    words.add("ES_TMPDIR=" + home.resolve("tmp"));
    words.add("bash");
    words.add(home.resolve("bin/elasticsearch").toString());
    words.add("-p");
    words.add(pidFile().toString());
    return words;
  }

  /** The launcher that we start stays and starts the server, which leaves its number. */
  @Override
  long serverPid(long startedPid) {
    try {
      return Long.parseLong(Files.readString(pidFile()).trim());
    } catch (IOException | NumberFormatException notYet) {
      return startedPid;
    }
  }

  @Override
  boolean isReady() {
    HttpRequest.Builder health =
        HttpRequest.newBuilder(url().resolve("/_cluster/health?wait_for_status=yellow&timeout=1s"))
            .timeout(REQUEST_LIMIT);
    if (options.secured()) {
      health.header("Authorization", admin.basicAuthorization());
    }
    try {
      return client().send(health.build(), HttpResponse.BodyHandlers.discarding()).statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for Elasticsearch", e);
    }
  }

  private HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(REQUEST_LIMIT);
    tls.ifPresent(identity -> builder.sslContext(identity.trustingContext()));
    return builder.build();
  }

  /** Where the node may keep snapshots, in a repository of the type {@code fs}. */
  public Path snapshots() {
    return home().resolve("snapshots");
  }

  private Path home() {
    return directory().resolve("home");
  }

  private Path pidFile() {
    return home().resolve("server.pid");
  }

  private void install(Path zip) throws IOException {
    Archive.unpack(zip, home());
    Files.createDirectories(home().resolve("tmp"));
    Files.createDirectories(home().resolve("plugins"));
    Path config = home().resolve("config");
    Files.writeString(config.resolve("elasticsearch.yml"), settings());
    if (options.secured()) {
      writeUsers(config);
    }
    if (tls.isPresent()) {
      tls.get().copyTo(config);
    }
    if (Unprivileged.user().isPresent()) {
      Unprivileged.user().get().own(home());
    }
  }

  /**
   * Takes a user of a secured node its password until {@link #letIn}; the node notices within a
   * second or two.
   */
  public synchronized void lockOut(ElasticsearchUser user) {
    lockedOut.add(user.name());
    rewriteUsers();
  }

  /** Gives a user its password back. */
  public synchronized void letIn(ElasticsearchUser user) {
    lockedOut.remove(user.name());
    rewriteUsers();
  }

  private void rewriteUsers() {
    try {
      writePasswords(home().resolve("config"));
    } catch (IOException e) {
      throw new UncheckedIOException("the Elasticsearch node: writing its users", e);
    }
  }

  private List<ElasticsearchUser> users() {
    List<ElasticsearchUser> users = new ArrayList<>(options.users());
    users.add(admin);
    return users;
  }

  private void writePasswords(Path config) throws IOException {
    Files.write(
        config.resolve("users"),
        users().stream()
            .filter(user -> !lockedOut.contains(user.name()))
            .map(ElasticsearchUser::usersLine)
            .toList());
  }

  private void writeUsers(Path config) throws IOException {
    writePasswords(config);
    Files.write(
        config.resolve("users_roles"),
        users().stream()
            .flatMap(user -> user.roles().stream().map(role -> role + ":" + user.name()))
            .toList());
    // Each role is one line: a name, and JSON, which is YAML too.
    Files.write(
        config.resolve("roles.yml"),
        options.roles().entrySet().stream()
            .map(role -> role.getKey() + ": " + role.getValue().replaceAll("\\s*\\R\\s*", " "))
            .toList());
  }

  private String settings() {
    String settings =
        SETTINGS.formatted(port, LoopbackPorts.free(), options.secured(), snapshots());
    return options.tls() ? settings + TLS_SETTINGS : settings;
  }

  private static final String SETTINGS =
      """
      cluster.name: bitacora-testkit
      node.name: testkit
      discovery.type: single-node
      network.host: 127.0.0.1
      http.port: %1$d
      transport.port: %2$d
      # Tests must not fail because the machine's disk is nearly full.
      cluster.routing.allocation.disk.threshold_enabled: false
      xpack.security.enabled: %3$s
      path.repo: %4$s
      # How soon changed files of users count; 5 s otherwise.
      resource.reload.interval.high: 1s
      """;

  private static final String TLS_SETTINGS =
      """
      xpack.security.http.ssl.enabled: true
      xpack.security.http.ssl.certificate: http.crt
      xpack.security.http.ssl.key: http.key
      """;
}
