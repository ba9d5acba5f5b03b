package dev.bitacora.core.event;

import java.util.IdentityHashMap;
import java.util.List;

/** Fields that are written with every event, so that nobody looks them up by name each time. */
public final class EventFields {
  public static final Field TIMESTAMP = EventSchema.eventField("@timestamp");
  public static final Field MESSAGE = EventSchema.eventField("message");
  public static final Field DATASET = EventSchema.eventField("event.dataset");
  public static final Field ACTION = EventSchema.eventField("event.action");
  public static final Field OUTCOME = EventSchema.eventField("event.outcome");
  public static final Field USER_ID = EventSchema.eventField("user.id");
  public static final Field USER_NAME = EventSchema.eventField("user.name");
  public static final Field USER_EMAIL = EventSchema.eventField("user.email");
  public static final Field USER_ROLES = EventSchema.eventField("user.roles");
  public static final Field USER_EFFECTIVE_ID = EventSchema.eventField("user.effective.id");
  public static final Field ACTOR_TYPE = EventSchema.eventField("audit.actor.type");
  public static final Field TARGET_TYPE = EventSchema.eventField("audit.target.type");
  public static final Field TARGET_ID = EventSchema.eventField("audit.target.id");
  public static final Field TARGET_NAME = EventSchema.eventField("audit.target.name");
  public static final Field TARGET_RELATED = EventSchema.eventField("audit.target.related");
  public static final Field CHANGE_FIELDS = EventSchema.eventField("audit.change.fields");
  public static final Field CHANGE_BEFORE = EventSchema.eventField("audit.change.before");
  public static final Field CHANGE_AFTER = EventSchema.eventField("audit.change.after");
  public static final Field CLASS = EventSchema.eventField("audit.class");
  public static final Field DETAILS = EventSchema.eventField("audit.details");
  public static final Field CLIENT_IP = EventSchema.eventField("client.ip");
  public static final Field SOURCE_IP = EventSchema.eventField("source.ip");
  public static final Field USER_AGENT = EventSchema.eventField("user_agent.original");
  public static final Field REQUEST_ID = EventSchema.eventField("http.request.id");
  public static final Field RESPONSE_STATUS = EventSchema.eventField("http.response.status_code");
  public static final Field TRACE_ID = EventSchema.eventField("trace.id");
  public static final Field SPAN_ID = EventSchema.eventField("span.id");
  public static final Field SERVICE_NAME = EventSchema.eventField("service.name");
  public static final Field SERVICE_ENVIRONMENT = EventSchema.eventField("service.environment");
  public static final Field LABELS = EventSchema.eventField("labels");

  public static final Field LOG_LEVEL = EventSchema.eventField("log.level");
  public static final Field LOG_LOGGER = EventSchema.eventField("log.logger");

  static final Field SCHEMA_VERSION = EventSchema.eventField("audit.schema.version");

  /** What is asked of every event on its way to the store: kept when it is read. */
  static final List<Field> KEPT =
      List.of(
          TIMESTAMP,
          DATASET,
          ACTION,
          OUTCOME,
          SERVICE_NAME,
          SERVICE_ENVIRONMENT,
          RESPONSE_STATUS,
          SCHEMA_VERSION);

  /** By identity: there is one of each, and several are looked up for every event. */
  private static final IdentityHashMap<Field, Integer> PLACES = new IdentityHashMap<>();

  static {
    for (int i = 0; i < KEPT.size(); i++) {
      PLACES.put(KEPT.get(i), i);
    }
  }

  private EventFields() {}

  /** Its place in {@link #KEPT}; −1 when it is not kept, or null. */
  static int placeKept(Field field) {
    return PLACES.getOrDefault(field, -1);
  }
}
