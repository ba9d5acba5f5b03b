package dev.bitacora.agent.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TraceContextTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @Test
  void parse_readsWhatTheStandardShows() {
    TraceContext context = TraceContext.parse("00-" + TRACE + "-" + SPAN + "-01").orElseThrow();

    assertThat(context).isEqualTo(new TraceContext(TRACE, SPAN, 1));
    assertThat(context.traceparent()).isEqualTo("00-" + TRACE + "-" + SPAN + "-01");
  }

  @Test
  void parse_acceptsLaterVersionsAndTheirExtensions() {
    assertThat(TraceContext.parse("cc-" + TRACE + "-" + SPAN + "-01-what-comes-later")).isPresent();
  }

  @Test
  void parse_refusesWhatTheStandardRefuses() {
    for (String wrong :
        List.of(
            "",
            "nonsense",
            "ff-" + TRACE + "-" + SPAN + "-01",
            "00-" + TRACE + "-" + SPAN + "-01-more",
            "00-" + "0".repeat(32) + "-" + SPAN + "-01",
            "00-" + TRACE + "-" + "0".repeat(16) + "-01",
            "00-" + TRACE.toUpperCase(java.util.Locale.ROOT) + "-" + SPAN + "-01",
            "00-" + TRACE.substring(1) + "-" + SPAN + "-01")) {
      assertThat(TraceContext.parse(wrong)).as(wrong).isEmpty();
    }
    assertThat(TraceContext.parse(null)).isEqualTo(Optional.empty());
  }

  @Test
  void child_staysInTheTrace() {
    TraceContext parent = TraceContext.start();
    TraceContext child = parent.child();

    assertThat(child.traceId()).isEqualTo(parent.traceId());
    assertThat(child.spanId()).isNotEqualTo(parent.spanId());
  }
}
