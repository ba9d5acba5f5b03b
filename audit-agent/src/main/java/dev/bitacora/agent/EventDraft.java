package dev.bitacora.agent;

import static dev.bitacora.core.event.EventFields.ACTOR_TYPE;
import static dev.bitacora.core.event.EventFields.CLIENT_IP;
import static dev.bitacora.core.event.EventFields.MESSAGE;
import static dev.bitacora.core.event.EventFields.OUTCOME;
import static dev.bitacora.core.event.EventFields.REQUEST_ID;
import static dev.bitacora.core.event.EventFields.SOURCE_IP;
import static dev.bitacora.core.event.EventFields.SPAN_ID;
import static dev.bitacora.core.event.EventFields.TARGET_ID;
import static dev.bitacora.core.event.EventFields.TARGET_NAME;
import static dev.bitacora.core.event.EventFields.TARGET_RELATED;
import static dev.bitacora.core.event.EventFields.TARGET_TYPE;
import static dev.bitacora.core.event.EventFields.TRACE_ID;
import static dev.bitacora.core.event.EventFields.USER_AGENT;
import static dev.bitacora.core.event.EventFields.USER_EFFECTIVE_ID;
import static dev.bitacora.core.event.EventFields.USER_EMAIL;
import static dev.bitacora.core.event.EventFields.USER_ID;
import static dev.bitacora.core.event.EventFields.USER_NAME;
import static dev.bitacora.core.event.EventFields.USER_ROLES;

import dev.bitacora.agent.context.AuditContext;
import dev.bitacora.agent.context.TraceContext;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
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

  /** Null when nobody was named. */
  private User actor;

  /** Null when there is none: most events concern one thing. */
  private List<String> related;

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
    actor = user;
    return this;
  }

  /** To what it was done. */
  public EventDraft target(String type, String id) {
    return text(TARGET_TYPE, type).text(TARGET_ID, id);
  }

  /** To what it was done, with a name that people know. */
  public EventDraft target(String type, String id, String name) {
    return target(type, id).text(TARGET_NAME, name);
  }

  /** A further thing it concerned. */
  public EventDraft related(String type, String id) {
    if (related == null) {
      related = new ArrayList<>();
    }
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
    return isBlank(message) ? this : text(MESSAGE, message);
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
    Field field = EventSchema.field(String.valueOf(name)).orElse(null);
    Object fitting = field == null || field.envelope() ? null : FieldValue.fitting(field, plain);
    if (fitting == null) {
      return detail(name, plain);
    }
    builder.set(field, fitting);
    outcomeSaid |= field.equals(OUTCOME);
    return this;
  }

  /** A text field that is known; a blank value is kept in the free data. */
  EventDraft text(Field field, String value) {
    if (value == null) {
      return this;
    }
    if (value.isBlank()) {
      return detail(field.name(), value);
    }
    builder.set(field, value);
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

  /**
   * Accepts the event once the transaction has committed; a transaction that is rolled back leaves
   * no event. What it says and when it happened is fixed now. Without a transaction it is accepted
   * at once: an event too many is better than one too few.
   *
   * @return completes with the receipt once the event is accepted or refused; never, when the
   *     transaction is rolled back
   */
  public CompletableFuture<Receipt> onCommit(AfterCommit transaction) {
    CompletableFuture<Receipt> receipt = new CompletableFuture<>();
    Supplier<Receipt> prepared = log.prepare(dataset, this);
    AtomicBoolean isAccepted = new AtomicBoolean();
    Runnable accept =
        () -> {
          if (isAccepted.compareAndSet(false, true)) {
            receipt.complete(prepared.get());
          }
        };
    try {
      transaction.register(accept);
    } catch (RuntimeException e) { // there is no transaction to wait for
      accept.run();
    }
    return receipt;
  }

  /** The event's bytes, with what the context supplies. */
  byte[] encode() {
    AuditContext context = AuditContext.current();
    who(actor == null ? actorOf(context) : actor);
    supplyAddress(CLIENT_IP, context.clientIp());
    supplyAddress(SOURCE_IP, context.sourceIp());
    supply(USER_AGENT, context.userAgent());
    supply(REQUEST_ID, context.requestId());
    trace(context);
    if (related != null) {
      builder.set(TARGET_RELATED, related);
    }
    return builder.toBytes();
  }

  private static User actorOf(AuditContext context) {
    if (context.actor().isPresent()) {
      return context.actor().get();
    }
    return context.requestId().isPresent() || context.clientIp().isPresent()
        ? User.ANONYMOUS
        : User.SYSTEM;
  }

  private void who(User user) {
    builder.setIfAbsent(USER_ID, user.id()).setIfAbsent(ACTOR_TYPE, user.type());
    supply(USER_NAME, user.name());
    supply(USER_EMAIL, user.email());
    supply(USER_EFFECTIVE_ID, user.actingAs());
    if (!user.roles().isEmpty()) {
      builder.setIfAbsent(USER_ROLES, user.roles());
    }
  }

  private void supplyAddress(Field field, Optional<String> address) {
    if (address.isPresent() && EventCheck.isAddress(address.get())) {
      builder.setIfAbsent(field, address.get());
    }
  }

  private void supply(Field field, Optional<String> value) {
    if (value.isPresent()) {
      supply(field, value.get());
    }
  }

  private void supply(Field field, String value) {
    if (value != null) {
      builder.setIfAbsent(field, value);
    }
  }

  private void trace(AuditContext context) {
    if (context.trace().isPresent()) {
      TraceContext trace = context.trace().get();
      supply(TRACE_ID, trace.traceId());
      supply(SPAN_ID, trace.spanId());
    } else {
      supply(TRACE_ID, MDC.get(AuditContext.MDC_TRACE_ID));
      supply(SPAN_ID, MDC.get(AuditContext.MDC_SPAN_ID));
    }
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }
}
