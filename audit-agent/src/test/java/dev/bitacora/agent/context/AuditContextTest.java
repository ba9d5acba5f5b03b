package dev.bitacora.agent.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class AuditContextTest {
  private static final AuditContext SOMEBODY = AuditContext.EMPTY.withActor(User.id("u1"));

  @Test
  void scopes_nestAndRestoreWhatWasBefore() {
    TraceContext outer = TraceContext.start();
    TraceContext inner = TraceContext.start();
    try (AuditContext.Scope first = SOMEBODY.withTrace(outer).open()) {
      try (AuditContext.Scope second = AuditContext.EMPTY.withTrace(inner).open()) {
        assertThat(second).isNotSameAs(first);
        assertThat(AuditContext.current().actor()).isEmpty();
        assertThat(MDC.get("trace_id")).isEqualTo(inner.traceId());
      }
      assertThat(AuditContext.current().actor()).contains(User.id("u1"));
      assertThat(MDC.get("trace_id")).isEqualTo(outer.traceId());
    }
    assertThat(AuditContext.current()).isEqualTo(AuditContext.EMPTY);
    assertThat(MDC.get("trace_id")).isNull();
  }

  @Test
  void update_changesTheInnermostScopeOnly() {
    AuditContext.update(context -> context.withActor(User.id("nobody")));
    assertThat(AuditContext.current()).isEqualTo(AuditContext.EMPTY);

    try (AuditContext.Scope first = SOMEBODY.open()) {
      try (AuditContext.Scope second = AuditContext.EMPTY.open()) {
        assertThat(second).isNotSameAs(first);
        AuditContext.update(context -> context.withActor(User.id("u2")));
        assertThat(AuditContext.current().actor()).contains(User.id("u2"));
      }
      assertThat(AuditContext.current().actor()).contains(User.id("u1"));
    }
  }

  @Test
  void wrap_carriesTheContextToAnotherThread() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      assertThat(other.submit(SOMEBODY.wrap(AuditContext::current)).get()).isEqualTo(SOMEBODY);
      assertThat(other.submit(AuditContext::current).get()).isEqualTo(AuditContext.EMPTY);
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void propagate_addsTheTraceInsideAScopeAndNothingOutside() {
    TraceContext trace = TraceContext.start();
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://x"));
    assertThat(AuditContext.propagate(request).build().headers().map()).isEmpty();

    try (AuditContext.Scope scope = AuditContext.EMPTY.withTrace(trace).open()) {
      assertThat(scope).isNotNull();
      assertThat(AuditContext.propagate(request).build().headers().firstValue("traceparent"))
          .contains(trace.traceparent());
    }
  }
}
