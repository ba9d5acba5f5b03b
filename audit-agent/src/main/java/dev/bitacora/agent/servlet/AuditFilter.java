package dev.bitacora.agent.servlet;

import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.EventDraft;
import dev.bitacora.agent.context.AuditContext;
import dev.bitacora.agent.context.TraceContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Puts actor, client address, request id and trace in scope while a request is handled, and records
 * it at its end: method, path, status and duration; a failure from status 400 on and for an
 * exception, which passes through. Answers the request's id as {@code X-Request-Id}. Safe for any
 * thread; its own trouble never reaches the request.
 */
public final class AuditFilter implements Filter {
  static final String REQUEST_ID = "X-Request-Id";

  private static final Pattern DECENT_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

  private final AuditLog audit;
  private final RequestOptions options;
  private final TrustedProxies proxies;

  /** For a {@code web.xml}: records into the process's shared agent, with default options. */
  public AuditFilter() {
    this(AuditLog.shared(), RequestOptions.defaults());
  }

  public AuditFilter(AuditLog audit, RequestOptions options) {
    this.audit = audit;
    this.options = options;
    this.proxies = TrustedProxies.of(options.trustedProxies());
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse to) {
      handle(http, to, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  private void handle(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    long began = System.nanoTime();
    AuditContext context = contextOf(request);
    context.requestId().ifPresent(id -> response.setHeader(REQUEST_ID, id));
    AuditContext.Scope scope = context.open();
    try {
      chain.doFilter(request, response);
      if (request.isAsyncStarted()) {
        request.getAsyncContext().addListener(new AtTheEnd(request, response, began));
      } else {
        record(request, response, began, Optional.empty());
      }
    } catch (IOException | ServletException | RuntimeException | Error e) {
      record(request, response, began, Optional.of(e));
      throw e;
    } finally {
      scope.close();
    }
  }

  private AuditContext contextOf(HttpServletRequest request) {
    List<String> forwarded =
        Collections.list(request.getHeaders("X-Forwarded-For")).stream()
            .flatMap(value -> Stream.of(value.split(",", -1)))
            .toList();
    TraceContext trace =
        TraceContext.parse(request.getHeader(TraceContext.HEADER))
            .map(TraceContext::child)
            .orElseGet(TraceContext::start);
    String peer = request.getRemoteAddr();
    return AuditContext.EMPTY
        .withClient(proxies.clientAddress(peer, forwarded), peer)
        .withUserAgent(request.getHeader("User-Agent"))
        .withRequestId(requestId(request.getHeader(REQUEST_ID)))
        .withActor(options.actor().apply(request).orElse(null))
        .withTrace(trace);
  }

  /** The caller's id if it is a decent one. */
  private static String requestId(String given) {
    return given != null && DECENT_ID.matcher(given).matches()
        ? given
        : UUID.randomUUID().toString();
  }

  private void record(
      HttpServletRequest request,
      HttpServletResponse response,
      long began,
      Optional<Throwable> error) {
    if (options.skipped().test(request)) {
      return;
    }
    // A container answers an exception with 500, after this filter.
    int status = error.isPresent() ? 500 : response.getStatus();
    Duration duration = Duration.ofNanos(System.nanoTime() - began);
    EventDraft draft =
        audit
            .event(options.action())
            .field("event.category", "web")
            .field("http.request.method", request.getMethod())
            .field("url.path", request.getRequestURI())
            .field("http.response.status_code", status)
            .duration(duration)
            .message(
                request.getMethod()
                    + " "
                    + request.getRequestURI()
                    + ": "
                    + status
                    + " in "
                    + duration.toMillis()
                    + " ms");
    error.ifPresent(draft::error);
    var unused = (status >= 400 ? draft.failure("HTTP " + status) : draft.success()).record();
  }

  /** Records a request that goes on after its thread has left. */
  private final class AtTheEnd implements AsyncListener {
    private final AuditContext context = AuditContext.current();
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final long began;
    private Optional<Throwable> error = Optional.empty();

    AtTheEnd(HttpServletRequest request, HttpServletResponse response, long began) {
      this.request = request;
      this.response = response;
      this.began = began;
    }

    @Override
    public void onComplete(AsyncEvent event) {
      AuditContext.Scope scope = context.open();
      try {
        record(request, response, began, error);
      } finally {
        scope.close();
      }
    }

    @Override
    public void onError(AsyncEvent event) {
      error = Optional.ofNullable(event.getThrowable());
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }
  }
}
