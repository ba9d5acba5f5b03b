package dev.bitacora.agent;

import dev.bitacora.agent.context.AuditContext;
import dev.bitacora.agent.context.User;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventCheck;
import dev.bitacora.core.event.EventClass;
import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.Field;
import dev.bitacora.core.event.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.MDC;

/**
 * One event while it is being described; {@link #record()} makes it final. Nothing here throws or
 * blocks, whatever it is given: a missing value is left out, an object whose {@code toString()}
 * fails becomes a remark, an event above 64 KiB is shortened and says so. Used by one thread, once.
 */
public final class EventDraft {
  private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private final AuditLog log;
  private final Dataset dataset;
  private final AuditEventBuilder builder;
  private final List<String> related = new ArrayList<>(0);
  private Optional<User> actor = Optional.empty();
  private boolean outcomeSaid;

  EventDraft(AuditLog log, Dataset dataset, AuditEventBuilder builder) {
    this.log = log;
    this.dataset = dataset;
    this.builder = builder;
  }

  /** A stable dotted verb: {@code invoice.approve}. */
  EventDraft action(String action) {
    builder.action(isBlank(action) ? "unspecified" : action);
    return this;
  }

  /** Who did it; else the context's actor, else anonymous in a request and system outside. */
  public EventDraft actor(User user) {
    actor = Optional.ofNullable(user);
    return this;
  }

  /** To what it was done. */
  public EventDraft target(String type, String id) {
    return field("audit.target.type", type).field("audit.target.id", id);
  }

  /** To what it was done, with a name that people know. */
  public EventDraft target(String type, String id, String name) {
    return target(type, id).field("audit.target.name", name);
  }

  /** A further thing it concerned. */
  public EventDraft related(String type, String id) {
    related.add(type + ":" + id);
    return this;
  }

  /** A value that changed; once for each. */
  public EventDraft change(String field, Object before, Object after) {
    builder.change(String.valueOf(field), PlainValue.of(before), PlainValue.of(after));
    return this;
  }

  /** When it happened; now, when not said. */
  public EventDraft at(Instant time) {
    if (time != null) {
      builder.at(time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time);
    }
    return this;
  }

  /** The sentence people read; made from actor, action, target and outcome when not said. */
  public EventDraft message(String message) {
    return field("message", isBlank(message) ? null : message);
  }

  public EventDraft label(String key, String value) {
    if (value != null) {
      builder.label(String.valueOf(key), value);
    }
    return this;
  }

  /** Free data: text, numbers, booleans, lists and maps of these; anything else as text. */
  public EventDraft detail(String key, Object value) {
    if (value != null) {
      builder.detail(String.valueOf(key), PlainValue.of(value));
    }
    return this;
  }

  /** What went wrong; a failure unless another outcome is said. */
  public EventDraft error(Throwable error) {
    if (error != null) {
      ErrorFields.of(error).forEach(this::field);
      outcomeIfUnsaid(Outcome.FAILURE);
    }
    return this;
  }

  /** How long it took. */
  public EventDraft duration(Duration duration) {
    return field("event.duration", duration == null ? null : duration.toNanos());
  }

  /** Can neither be filtered nor shed on its way. */
  public EventDraft mandatory() {
    builder.eventClass(EventClass.MANDATORY);
    return this;
  }

  /** The first to go when there is too much. */
  public EventDraft debug() {
    builder.eventClass(EventClass.DEBUG);
    return this;
  }

  public EventDraft success() {
    return outcome(Outcome.SUCCESS);
  }

  public EventDraft failure(String reason) {
    return outcome(Outcome.FAILURE).field("event.reason", reason);
  }

  private EventDraft outcome(Outcome outcome) {
    builder.outcome(outcome);
    outcomeSaid = true;
    return this;
  }

  private void outcomeIfUnsaid(Outcome outcome) {
    if (!outcomeSaid) {
      builder.outcome(outcome);
    }
  }

  /**
   * Sets any field of the event by its name, {@code http.response.status_code}. A value that the
   * field cannot hold, or a name that is no field, goes to the free data under that name.
   */
  public EventDraft field(String name, Object value) {
    Object plain = PlainValue.of(value);
    if (plain == null) {
      return this;
    }
    if ("user.id".equals(name)) {
      return actor(User.id(plain.toString()));
    }
    Optional<Field> field = EventSchema.field(String.valueOf(name)).filter(f -> !f.envelope());
    Optional<Object> fitting = field.flatMap(f -> FieldValue.fitting(f, plain));
    if (fitting.isPresent()) {
      builder.set(name, fitting.get());
      outcomeSaid |= name.equals("event.outcome");
    } else {
      detail(name, plain);
    }
    return this;
  }

  /** Accepts the event; says at once under which id, or why not. */
  public Receipt record() {
    return log.accept(dataset, this);
  }

  /**
   * Accepts the event and completes once the disk has it, so that it survives a loss of power;
   * where records are kept in memory, once the destination has acknowledged it. Fails when the
   * event is refused or the disk does not take it.
   */
  public CompletableFuture<Receipt> recordDurably() {
    return log.onDisk(dataset, record());
  }

  /**
   * Accepts the event and completes once the broker or the intake has acknowledged it. Fails when
   * the event is refused, or the agent is closed before.
   */
  public CompletableFuture<Receipt> recordRemotely() {
    return log.acknowledgementOf(dataset, record());
  }

  /** The event's bytes, with what the context supplies. */
  byte[] encode() {
    AuditContext context = AuditContext.current();
    who(actor.or(context::actor).orElse(unidentified(context)));
    context.clientIp().ifPresent(ip -> supply("client.ip", ip));
    context.sourceIp().ifPresent(ip -> supply("source.ip", ip));
    context.userAgent().ifPresent(agent -> supply("user_agent.original", agent));
    context.requestId().ifPresent(id -> supply("http.request.id", id));
    trace(context);
    if (!related.isEmpty()) {
      builder.set("audit.target.related", related);
    }
    return builder.build().bytes();
  }

  private static User unidentified(AuditContext context) {
    return context.requestId().isPresent() || context.clientIp().isPresent()
        ? User.ANONYMOUS
        : User.SYSTEM;
  }

  private void who(User user) {
    builder.setIfAbsent("user.id", user.id()).setIfAbsent("audit.actor.type", user.type());
    user.name().ifPresent(name -> builder.setIfAbsent("user.name", name));
    user.email().ifPresent(email -> builder.setIfAbsent("user.email", email));
    user.actingAs().ifPresent(id -> builder.setIfAbsent("user.effective.id", id));
    if (!user.roles().isEmpty()) {
      builder.setIfAbsent("user.roles", user.roles());
    }
  }

  private void supply(String name, String value) {
    if (!name.endsWith(".ip") || EventCheck.isAddress(value)) {
      builder.setIfAbsent(name, value);
    }
  }

  private void trace(AuditContext context) {
    if (context.trace().isPresent()) {
      supply("trace.id", context.trace().get().traceId());
      supply("span.id", context.trace().get().spanId());
      return;
    }
    Optional.ofNullable(MDC.get(AuditContext.MDC_TRACE_ID)).ifPresent(id -> supply("trace.id", id));
    Optional.ofNullable(MDC.get(AuditContext.MDC_SPAN_ID)).ifPresent(id -> supply("span.id", id));
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }
}
