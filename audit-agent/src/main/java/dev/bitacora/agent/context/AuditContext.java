package dev.bitacora.agent.context;

import java.net.http.HttpRequest;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.slf4j.MDC;

/**
 * What everything recorded by this thread has in common while a scope is open: who acts, from
 * where, for which request, in which trace.
 *
 * <pre>{@code
 * try (AuditContext.Scope scope = AuditContext.EMPTY.withActor(User.id("u42")).open()) {
 *   audit.event("invoice.approve").target("invoice", "I-981").success().record();
 * }
 * }</pre>
 *
 * While it is open the trace also stands in the SLF4J MDC as {@code trace_id} and {@code span_id},
 * so that log lines of any encoder carry it. Values are immutable; a scope belongs to the thread
 * that opened it, and {@link #wrap} carries a context to another thread.
 *
 * @param clientIp the client's address, behind trusted proxies
 * @param sourceIp the TCP peer's address
 */
public record AuditContext(
    Optional<User> actor,
    Optional<String> clientIp,
    Optional<String> sourceIp,
    Optional<String> userAgent,
    Optional<String> requestId,
    Optional<TraceContext> trace) {

  /** Nothing known. */
  public static final AuditContext EMPTY =
      new AuditContext(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Where log encoders expect the trace. */
  public static final String MDC_TRACE_ID = "trace_id";

  public static final String MDC_SPAN_ID = "span_id";

  /** Null outside of all scopes. */
  private static final ThreadLocal<AuditContext> CURRENT = new ThreadLocal<>();

  /** The context of the innermost open scope, {@link #EMPTY} outside of all. */
  public static AuditContext current() {
    AuditContext current = CURRENT.get();
    return current == null ? EMPTY : current;
  }

  /**
   * Changes the innermost open scope, for what becomes known on the way: {@code
   * AuditContext.update(context -> context.withActor(user))}. Has no effect outside of all scopes.
   */
  public static void update(UnaryOperator<AuditContext> change) {
    AuditContext current = CURRENT.get();
    if (current != null) {
      put(change.apply(current));
    }
  }

  public AuditContext withActor(User actor) {
    return new AuditContext(
        Optional.ofNullable(actor), clientIp, sourceIp, userAgent, requestId, trace);
  }

  public AuditContext withClient(String clientIp, String sourceIp) {
    return new AuditContext(
        actor,
        Optional.ofNullable(clientIp),
        Optional.ofNullable(sourceIp),
        userAgent,
        requestId,
        trace);
  }

  public AuditContext withUserAgent(String userAgent) {
    return new AuditContext(
        actor, clientIp, sourceIp, Optional.ofNullable(userAgent), requestId, trace);
  }

  public AuditContext withRequestId(String requestId) {
    return new AuditContext(
        actor, clientIp, sourceIp, userAgent, Optional.ofNullable(requestId), trace);
  }

  public AuditContext withTrace(TraceContext trace) {
    return new AuditContext(
        actor, clientIp, sourceIp, userAgent, requestId, Optional.ofNullable(trace));
  }

  /** Puts this context in scope for the calling thread until the scope is closed. */
  public Scope open() {
    Scope scope = new Scope(CURRENT.get(), MDC.get(MDC_TRACE_ID), MDC.get(MDC_SPAN_ID));
    put(this);
    return scope;
  }

  /** The same task inside this context, for another thread. */
  public <T> Callable<T> wrap(Callable<T> task) {
    return () -> {
      Scope scope = open();
      try {
        return task.call();
      } finally {
        scope.close();
      }
    };
  }

  /** Adds the current trace to an outgoing request, so that the called component joins it. */
  public static HttpRequest.Builder propagate(HttpRequest.Builder request) {
    current().trace().ifPresent(t -> request.setHeader(TraceContext.HEADER, t.traceparent()));
    return request;
  }

  private static void put(AuditContext context) {
    CURRENT.set(context);
    context
        .trace()
        .ifPresent(
            trace -> {
              MDC.put(MDC_TRACE_ID, trace.traceId());
              MDC.put(MDC_SPAN_ID, trace.spanId());
            });
  }

  /** An open context; closing it restores what was before. Closed by the thread that opened it. */
  public static final class Scope implements AutoCloseable {
    private final AuditContext before;
    private final String traceIdBefore;
    private final String spanIdBefore;

    private Scope(AuditContext before, String traceIdBefore, String spanIdBefore) {
      this.before = before;
      this.traceIdBefore = traceIdBefore;
      this.spanIdBefore = spanIdBefore;
    }

    @Override
    public void close() {
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
      restore(MDC_TRACE_ID, traceIdBefore);
      restore(MDC_SPAN_ID, spanIdBefore);
    }

    private static void restore(String key, String value) {
      if (value == null) {
        MDC.remove(key);
      } else {
        MDC.put(key, value);
      }
    }
  }
}
