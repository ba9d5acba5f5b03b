package dev.bitacora.agent;

import dev.bitacora.agent.transport.TransportFactory;
import dev.bitacora.core.config.Configuration;
import dev.bitacora.core.config.Setting;
import dev.bitacora.core.mask.Masking;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What {@link AuditLog#open} needs to know. Making one never fails: {@code open} lists everything
 * that is wrong with it. Immutable.
 */
public final class AuditConfig {
  private final Builder settings;

  private AuditConfig(Builder settings) {
    this.settings = settings;
  }

  /** From the environment's {@code BITACORA_*} variables; {@link Setting} names them all. */
  public static AuditConfig fromEnvironment() {
    return EnvironmentSettings.read(System.getenv());
  }

  /** From settings that a program has read itself, options and a file included. */
  public static AuditConfig of(Configuration settings) {
    return EnvironmentSettings.of(settings);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A builder with these settings, for changing some of them. */
  public Builder toBuilder() {
    return new Builder(settings);
  }

  String component() {
    return settings.component;
  }

  String environment() {
    return settings.environment;
  }

  Optional<String> version() {
    return Optional.ofNullable(settings.version);
  }

  Optional<String> nodeName() {
    return Optional.ofNullable(settings.nodeName);
  }

  Optional<URI> url() {
    return Optional.ofNullable(settings.url);
  }

  Optional<String> token() {
    return Optional.ofNullable(settings.token);
  }

  Optional<Path> caFile() {
    return Optional.ofNullable(settings.caFile);
  }

  Map<String, String> kafka() {
    return settings.kafka;
  }

  boolean usesKafka() {
    return !settings.kafka.isEmpty();
  }

  Optional<TransportFactory> transport() {
    return Optional.ofNullable(settings.transport);
  }

  /** For people, without secrets. */
  String destination() {
    if (settings.transport != null) {
      return settings.transport.destination();
    }
    return usesKafka() ? "kafka " + kafka().get("bootstrap.servers") : String.valueOf(settings.url);
  }

  boolean isEnabled() {
    return settings.enabled;
  }

  boolean isQuiet() {
    return settings.quiet;
  }

  Duration drain() {
    return settings.drain;
  }

  Duration heartbeat() {
    return settings.heartbeat;
  }

  Optional<String> artifactSha256() {
    return Optional.ofNullable(settings.artifactSha256);
  }

  /** Where the spools are. */
  public Path spoolDir() {
    return settings.spoolDir;
  }

  long auditSpoolBytes() {
    return settings.auditSpoolBytes;
  }

  long logSpoolBytes() {
    return settings.logSpoolBytes;
  }

  SpoolFull spoolFull() {
    return settings.spoolFull;
  }

  Duration maxBlock() {
    return settings.maxBlock;
  }

  Masking masking() {
    return settings.masking
        ? Masking.everything(settings.maskFields)
        : Masking.only(settings.maskFields);
  }

  Consumer<Receipt> receipts() {
    return settings.receipts;
  }

  /** Everything that is wrong, one line each; none when {@link AuditLog#open} will accept it. */
  public List<String> problems() {
    return ConfigCheck.problems(this, settings.problems);
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return "AuditConfig[" + component() + "/" + environment() + "]";
  }

  /** Collects settings; what is not said has its default. Not thread-safe. */
  public static final class Builder {
    private String component = "";
    private String environment = "";
    private String version;
    private String nodeName;
    private URI url;
    private String token;
    private Path caFile;
    private Map<String, String> kafka = Map.of();
    private TransportFactory transport;
    private boolean enabled = true;
    private boolean quiet;
    private boolean masking = true;
    private List<String> maskFields = List.of();
    private Duration drain = Duration.ofSeconds(2);
    private Duration heartbeat = Duration.ofSeconds(30);
    private String artifactSha256;
    private Path spoolDir = StateDirectory.spool();
    private long auditSpoolBytes = 1L << 30;
    private long logSpoolBytes = 256L << 20;
    private SpoolFull spoolFull = SpoolFull.COUNT;
    private Duration maxBlock = Duration.ofSeconds(1);
    private Consumer<Receipt> receipts = receipt -> {};
    private List<String> problems = List.of();

    private Builder() {}

    private Builder(Builder other) {
      component = other.component;
      environment = other.environment;
      version = other.version;
      nodeName = other.nodeName;
      url = other.url;
      token = other.token;
      caFile = other.caFile;
      kafka = other.kafka;
      transport = other.transport;
      enabled = other.enabled;
      quiet = other.quiet;
      masking = other.masking;
      maskFields = other.maskFields;
      drain = other.drain;
      heartbeat = other.heartbeat;
      artifactSha256 = other.artifactSha256;
      spoolDir = other.spoolDir;
      auditSpoolBytes = other.auditSpoolBytes;
      logSpoolBytes = other.logSpoolBytes;
      spoolFull = other.spoolFull;
      maxBlock = other.maxBlock;
      receipts = other.receipts;
      problems = other.problems;
    }

    /** {@code service.name}; required. */
    public Builder component(String name) {
      component = name == null ? "" : name.strip();
      return this;
    }

    /** {@code service.environment}: dev, uat, prd …; required. */
    public Builder environment(String name) {
      environment = name == null ? "" : name.strip();
      return this;
    }

    /** {@code service.version}. */
    public Builder version(String version) {
      this.version = version;
      return this;
    }

    /** {@code service.node.name}, to tell instances apart; the host's name when not said. */
    public Builder nodeName(String name) {
      this.nodeName = name;
      return this;
    }

    /** Where a collector's HTTP intake is: {@code https://audit.example.com:7070}. */
    public Builder url(URI url) {
      this.url = url;
      return this;
    }

    /** The component's token for the HTTP intake. */
    public Builder token(String token) {
      this.token = token;
      return this;
    }

    /** Certificates to trust at the HTTP intake instead of the platform's, PEM. */
    public Builder caFile(Path pem) {
      this.caFile = pem;
      return this;
    }

    /**
     * Properties of the Kafka producer; with {@code bootstrap.servers} among them, Kafka is where
     * everything goes.
     */
    public Builder kafka(Map<String, String> properties) {
      this.kafka = new TreeMap<>(properties);
      return this;
    }

    /**
     * A destination of the program's own, instead of {@link #url} and {@link #kafka}: for a
     * collector in the same process.
     */
    public Builder transport(TransportFactory destination) {
      transport = destination;
      return this;
    }

    /** False switches everything off: every record is refused, nothing runs. On by default. */
    public Builder enabled(boolean enabled) {
      this.enabled = enabled;
      return this;
    }

    /** True silences the agent's lines on stderr. */
    public Builder quiet(boolean quiet) {
      this.quiet = quiet;
      return this;
    }

    /**
     * False leaves card numbers, tokens, passwords and keys where they are found, for components
     * whose own numbers look like them; what {@link #maskFields} names is masked all the same. On
     * by default.
     */
    public Builder masking(boolean masking) {
      this.masking = masking;
      return this;
    }

    /**
     * What is masked whatever it holds: fields of the event ({@code user.email}) and keys of
     * labels, details, changes and of {@code key=value} in a text. Upper case, hyphens and
     * underscores do not matter.
     */
    public Builder maskFields(Collection<String> names) {
      this.maskFields = List.copyOf(names);
      return this;
    }

    /** How long closing may take to deliver what is left; 2 seconds by default. */
    public Builder drain(Duration atMost) {
      this.drain = atMost;
      return this;
    }

    /** How often a lane reports that it lives; 30 seconds by default. */
    public Builder heartbeat(Duration interval) {
      this.heartbeat = interval;
      return this;
    }

    /**
     * SHA-256 of the component's artifact, hexadecimal; that of the jar the process was started
     * from when not said.
     */
    public Builder artifactSha256(String hexadecimal) {
      this.artifactSha256 = hexadecimal;
      return this;
    }

    /**
     * Where records wait until they are delivered; a folder on a local disk, which several
     * components may share. By default below the user's state directory.
     */
    public Builder spoolDir(Path folder) {
      this.spoolDir = folder;
      return this;
    }

    /** Bytes of disk for audit events that wait; 1 GiB by default. */
    public Builder auditSpoolBytes(long bytes) {
      this.auditSpoolBytes = bytes;
      return this;
    }

    /** Bytes of disk for log lines that wait; 256 MiB by default. */
    public Builder logSpoolBytes(long bytes) {
      this.logSpoolBytes = bytes;
      return this;
    }

    /** What happens to an audit event when the spool is full; it is counted by default. */
    public Builder spoolFull(SpoolFull policy) {
      this.spoolFull = policy;
      return this;
    }

    /** How long recording may wait with {@link SpoolFull#BLOCK}; 1 second by default. */
    public Builder maxBlock(Duration atMost) {
      this.maxBlock = atMost;
      return this;
    }

    /**
     * Told of every receipt, on the recording thread: for keeping proof of what was accepted
     * outside the product. What it throws is ignored.
     */
    public Builder onReceipt(Consumer<Receipt> receipts) {
      this.receipts = receipts;
      return this;
    }

    /** What was found wrong while reading the settings. */
    Builder problems(List<String> found) {
      this.problems = List.copyOf(found);
      return this;
    }

    public AuditConfig build() {
      return new AuditConfig(new Builder(this));
    }
  }
}
