package dev.bitacora.core.event;

import static dev.bitacora.core.event.FieldType.DATE;
import static dev.bitacora.core.event.FieldType.FLATTENED;
import static dev.bitacora.core.event.FieldType.IP;
import static dev.bitacora.core.event.FieldType.KEYWORD;
import static dev.bitacora.core.event.FieldType.LONG;
import static dev.bitacora.core.event.FieldType.STORED;
import static dev.bitacora.core.event.FieldType.TEXT;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every field there is: one table that the writer, the check, the query language, both stores, the
 * index templates and the dashboards are held to. Names are Elastic Common Schema; what it lacks
 * lives under {@code audit}.
 */
public final class EventSchema {
  /** {@code audit.schema.version}: readers accept the same major number. */
  public static final String VERSION = "1.0";

  /** The Elastic Common Schema that names are taken from. */
  public static final String ECS_VERSION = "8.17.0";

  /** Keywords longer than this many characters are kept and not indexed. */
  public static final int IGNORE_ABOVE = 1024;

  /** Values inside a flattened field longer than this many characters are kept and not indexed. */
  public static final int FLATTENED_IGNORE_ABOVE = 1024;

  private static final Map<String, Field> FIELDS = new LinkedHashMap<>();

  /** Short names that people type, and the fields they stand for. */
  public static final Map<String, String> ALIASES =
      Map.of(
          "actor", "user.id",
          "action", "event.action",
          "target", "audit.target.id",
          "outcome", "event.outcome",
          "ip", "client.ip",
          "service", "service.name",
          "env", "service.environment",
          "trace", "trace.id");

  /** Where a bare word is looked for as a word. */
  public static final List<String> FULL_TEXT = List.of("message", "error.message", "event.reason");

  /** Where a bare word is looked for as the whole value. */
  public static final List<String> IDENTIFIERS =
      List.of(
          "event.action",
          "user.id",
          "user.name",
          "user.email",
          "audit.target.id",
          "audit.target.name",
          "audit.target.related",
          "http.request.id",
          "trace.id",
          "service.name",
          "url.path",
          "log.logger");

  /**
   * Fields that hold what people and programs wrote, in which a secret may stand. All others hold
   * ids, times, hashes and names that the component has by itself.
   */
  public static final Set<String> FREE_TEXT =
      Set.of(
          "message",
          "event.action",
          "event.reason",
          "error.code",
          "error.message",
          "error.stack_trace",
          "user.id",
          "user.name",
          "user.email",
          "user.roles",
          "user.effective.id",
          "audit.target.id",
          "audit.target.name",
          "audit.target.related",
          "audit.change.fields",
          "audit.change.before",
          "audit.change.after",
          "audit.details",
          "user_agent.original",
          "url.path",
          "process.thread.name",
          "labels");

  static {
    // The order is the order in the bytes: fields of one object stand together.
    event("@timestamp", DATE);
    event("message", TEXT);
    event("event.dataset", KEYWORD);
    event("event.kind", KEYWORD);
    event("event.category", KEYWORD);
    event("event.type", KEYWORD);
    event("event.action", KEYWORD);
    event("event.outcome", KEYWORD);
    event("event.reason", TEXT);
    event("event.duration", LONG);
    event("error.code", KEYWORD);
    event("error.type", KEYWORD);
    event("error.message", TEXT);
    event("error.stack_trace", STORED);
    event("user.id", KEYWORD);
    event("user.name", KEYWORD);
    event("user.email", KEYWORD);
    event("user.roles", KEYWORD);
    event("user.effective.id", KEYWORD);
    event("audit.actor.type", KEYWORD);
    event("audit.target.type", KEYWORD);
    event("audit.target.id", KEYWORD);
    event("audit.target.name", KEYWORD);
    event("audit.target.related", KEYWORD);
    event("audit.change.fields", KEYWORD);
    event("audit.change.before", STORED);
    event("audit.change.after", STORED);
    event("audit.session.id", KEYWORD);
    event("audit.class", KEYWORD);
    event("audit.schema.version", KEYWORD);
    event("audit.details", FLATTENED);
    event("audit.truncated", KEYWORD);
    event("audit.original.size", LONG);
    event("audit.original.sha256", KEYWORD);
    event("client.ip", IP);
    event("source.ip", IP);
    event("user_agent.original", KEYWORD);
    event("http.request.id", KEYWORD);
    event("http.request.method", KEYWORD);
    event("http.response.status_code", LONG);
    event("url.path", KEYWORD);
    event("trace.id", KEYWORD);
    event("span.id", KEYWORD);
    event("transaction.id", KEYWORD);
    event("service.name", KEYWORD);
    event("service.version", KEYWORD);
    event("service.environment", KEYWORD);
    event("service.node.name", KEYWORD);
    event("host.name", KEYWORD);
    event("container.id", KEYWORD);
    event("process.pid", LONG);
    event("process.thread.name", KEYWORD);
    event("agent.id", KEYWORD);
    event("agent.version", KEYWORD);
    event("organization.id", KEYWORD);
    event("log.level", KEYWORD);
    event("log.logger", KEYWORD);
    event("labels", FLATTENED);
    event("ecs.version", KEYWORD);

    added("event.id", KEYWORD);
    added("event.sequence", LONG);
    added("event.hash", KEYWORD);
    added("event.ingested", DATE);
    added("event.agent_id_status", KEYWORD);
    added("event.original", STORED);
    added("agent.ephemeral_id", KEYWORD);
    added("ledger.log", KEYWORD);
    added("ledger.offset", LONG);
    added("audit.time_status", KEYWORD);
  }

  private EventSchema() {}

  private static void event(String name, FieldType type) {
    FIELDS.put(name, new Field(name, type, false, FIELDS.size()));
  }

  private static void added(String name, FieldType type) {
    FIELDS.put(name, new Field(name, type, true, -1));
  }

  /** All fields, those of the event first and in the order of its bytes. */
  public static Collection<Field> fields() {
    return Collections.unmodifiableCollection(FIELDS.values());
  }

  /** The field of this exact name; {@code labels.region} is none. */
  public static Optional<Field> field(String name) {
    return Optional.ofNullable(FIELDS.get(name));
  }

  /**
   * The field of this exact name that an event may bring.
   *
   * @throws IllegalArgumentException when there is no such field, or only the collector sets it
   */
  public static Field eventField(String name) {
    Field field = FIELDS.get(name);
    if (field == null || field.envelope()) {
      throw new IllegalArgumentException("no field of an event is called \"" + name + "\"");
    }
    return field;
  }

  /**
   * The searchable field that a name in a query means: an alias, a field, or a key inside a
   * flattened field. Empty when there is none, or it is only stored.
   */
  public static Optional<FieldName> searchable(String name) {
    String full = ALIASES.getOrDefault(name, name);
    Field exact = FIELDS.get(full);
    if (exact != null) {
      return exact.type() == STORED ? Optional.empty() : Optional.of(new FieldName(exact, ""));
    }
    for (Field field : FIELDS.values()) {
      if (field.type() == FLATTENED && full.startsWith(field.name() + ".")) {
        return Optional.of(new FieldName(field, full.substring(field.name().length() + 1)));
      }
    }
    return Optional.empty();
  }
}
