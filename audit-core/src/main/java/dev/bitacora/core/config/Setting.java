package dev.bitacora.core.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything that can be configured, in the order of the reference. A setting {@code DATA_DIR} is
 * the option {@code --data-dir}, the environment variable {@code BITACORA_DATA_DIR} and the key
 * {@code data-dir} of a file.
 */
public enum Setting {
  SERVICE_NAME(
      Kind.TEXT, null, "Name of the component that embeds the agent: service.name", Part.AGENT),
  SERVICE_VERSION(Kind.TEXT, null, "Its version: service.version", Part.AGENT),
  ENVIRONMENT(Kind.TEXT, null, "Where it runs, dev, uat, prd …: service.environment", Part.BOTH),
  NODE_NAME(
      Kind.TEXT, null, "Name of this instance among its equals: service.node.name", Part.AGENT),
  URL(
      Kind.URL,
      null,
      "Bitácora's address for the agent that ships over HTTP, and for send",
      Part.AGENT),
  TOKEN(Kind.SECRET, null, "The component's token for URL", Part.AGENT),
  READER_TOKEN(
      Kind.SECRET,
      null,
      "A reader's token, with which send looks whether its event is found",
      Part.SERVICE),
  CA_FILE(
      Kind.PATH,
      null,
      "PEM file of the authority that signed the certificates of URL and ALARM_WEBHOOKS; the JDK's when not set",
      Part.BOTH),
  ENABLED(Kind.FLAG, "true", "false switches the agent off: nothing is recorded", Part.AGENT),
  QUIET(Kind.FLAG, "false", "true silences the agent's one line on stderr", Part.AGENT),
  MASKING(
      Kind.FLAG,
      "true",
      "false masks only what MASK_FIELDS names: card numbers, tokens, passwords and keys are recorded",
      Part.AGENT),
  MASK_FIELDS(
      Kind.TEXT,
      "",
      "Fields and keys that are masked whatever they hold: user.email,iban,…",
      Part.AGENT),
  SPOOL_DIR(
      Kind.PATH,
      null,
      "Folder on a local disk where the agent's records wait; below the user's state directory when not set",
      Part.AGENT),
  SPOOL_AUDIT_MIB(
      Kind.NUMBER, "1024", "MiB of disk for audit events that wait, at least 4", Part.AGENT),
  SPOOL_LOG_MIB(Kind.NUMBER, "256", "MiB of disk for log lines that wait, at least 4", Part.AGENT),
  SPOOL_FULL(
      Kind.TEXT,
      "count",
      "What happens to an audit event when the spool is full: count, block or fail",
      Part.AGENT),
  SPOOL_MAX_BLOCK_MS(
      Kind.NUMBER, "1000", "How long recording may wait with SPOOL_FULL=block", Part.AGENT),
  ARTIFACT_SHA256(
      Kind.TEXT,
      null,
      "SHA-256 of the component's artifact, when it is not the jar that was started",
      Part.AGENT),
  KAFKA_BOOTSTRAP_SERVERS(
      Kind.TEXT,
      null,
      "Kafka brokers, host:port,…; the agent ships there instead of URL",
      Part.BOTH),

  CONFIG(
      Kind.PATH,
      null,
      "File of settings, key = value a line; kafka.<property> for Kafka's own",
      Part.SERVICE),
  DATA_DIR(
      Kind.PATH, "data", "Directory of the index, dead letters, users and tokens", Part.SERVICE),
  LISTEN(
      Kind.TEXT,
      null,
      "Address of the web port; 127.0.0.1:7070, a separate collector 127.0.0.1:7071",
      Part.SERVICE),
  BASE_PATH(Kind.TEXT, "/", "Path under which a reverse proxy shows the viewer", Part.SERVICE),
  TRUSTED_PROXIES(
      Kind.TEXT, "", "Networks whose X-Forwarded-For is believed, 10.0.0.0/8,…", Part.SERVICE),
  TLS_CERTIFICATE(
      Kind.PATH, null, "PEM certificate chain of the web port; needs TLS_KEY", Part.SERVICE),
  TLS_KEY(Kind.PATH, null, "PEM private key of the web port, PKCS #8", Part.SERVICE),
  ELASTICSEARCH_URL(Kind.URL, null, "Elasticsearch, https://host:9200", Part.SERVICE),
  ELASTICSEARCH_USER(Kind.TEXT, null, "Its user; or an API key", Part.SERVICE),
  ELASTICSEARCH_PASSWORD(Kind.SECRET, null, "The user's password", Part.SERVICE),
  ELASTICSEARCH_API_KEY(
      Kind.SECRET, null, "An API key, encoded, instead of user and password", Part.SERVICE),
  ELASTICSEARCH_CA_FILE(
      Kind.PATH,
      null,
      "PEM file of the authority that signed Elasticsearch's certificate",
      Part.SERVICE),
  KIBANA_URL(
      Kind.URL,
      null,
      "Kibana, into which setup puts data views, searches and the dashboard",
      Part.SERVICE),
  PARTITIONS(
      Kind.NUMBER,
      "6",
      "Partitions of the topics that setup makes; fixed from then on, because adding some would split streams",
      Part.SERVICE),
  RETENTION_EVENTS(Kind.DAYS, "400", "Days that audit events are kept", Part.SERVICE),
  RETENTION_LOGS(Kind.DAYS, "30", "Days that log lines are kept", Part.SERVICE),
  ALARM_WEBHOOKS(
      Kind.SECRET,
      null,
      "Who is told of alarms in Alertmanager's form, https://[user:password@ or token@]host[/path],…",
      Part.SERVICE),

  JAVA_OPTS(Kind.TEXT, null, "Options of the JVM, for the launcher", Part.TOOLS),
  CHROMIUM(
      Kind.PATH, null, "The browser that the tests drive, when it is not on the PATH", Part.TOOLS);

  /** What a value is. */
  public enum Kind {
    TEXT,
    PATH,
    URL,
    SECRET,
    FLAG,
    NUMBER,
    DAYS
  }

  /** Who reads it. */
  public enum Part {
    AGENT,
    SERVICE,
    BOTH,
    TOOLS
  }

  /** The beginning of every environment variable. */
  public static final String PREFIX = "BITACORA_";

  private final Kind kind;
  private final String defaultValue;
  private final String description;
  private final Part part;

  Setting(Kind kind, String defaultValue, String description, Part part) {
    this.kind = kind;
    this.defaultValue = defaultValue;
    this.description = description;
    this.part = part;
  }

  public Kind kind() {
    return kind;
  }

  public Optional<String> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /** One sentence for a reference. */
  public String description() {
    return description;
  }

  public Part part() {
    return part;
  }

  public boolean isSecret() {
    return kind == Kind.SECRET;
  }

  /** {@code BITACORA_DATA_DIR}. */
  public String variable() {
    return PREFIX + name();
  }

  /** {@code data-dir}: an option without its hyphens, and a key in a file. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static List<String> keys() {
    return List.of(values()).stream().map(Setting::key).toList();
  }

  static List<String> variables() {
    return List.of(values()).stream().map(Setting::variable).toList();
  }
}
