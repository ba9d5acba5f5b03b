package dev.bitacora.bench;

import com.sun.management.ThreadMXBean;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventFields;
import dev.bitacora.core.event.EventTemplate;
import dev.bitacora.core.event.Outcome;
import dev.bitacora.core.mask.Masking;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

/**
 * What an event costs its component before it is handed over: building, masking and encoding it. An
 * event of an actor, a target, a change and a trace; a line a round, of which the first ones are
 * the compiler's.
 */
public final class EncodeBench {
  private static final int ROUNDS = 8;
  private static final int EVENTS = 200_000;
  private static final Masking MASKING = Masking.everything(List.of());

  private final EventTemplate template =
      AuditEvent.builder(Dataset.AUDIT)
          .set("service.name", "billing")
          .set("service.version", "1.2.3")
          .set("service.environment", "prd")
          .set("service.node.name", "billing-1")
          .set("host.name", "host-1")
          .set("process.pid", 24577L)
          .set("agent.id", "20e6f4d6-f74d-303e-adcb-d7bf191901a5")
          .set("agent.version", "1.0.0")
          .template();

  private EncodeBench() {}

  public static void main(String[] args) {
    EncodeBench bench = new EncodeBench();
    for (int round = 1; round <= ROUNDS; round++) {
      System.out.println("round " + round + ": " + bench.round());
    }
  }

  private String round() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] nanos = new long[EVENTS];
    long bytes = 0;
    long allocated = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < EVENTS; i++) {
      long start = System.nanoTime();
      bytes += event().toBytes().length;
      nanos[i] = System.nanoTime() - start;
    }
    allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
    Arrays.sort(nanos);
    return "p50=%d p99=%d p99.9=%d ns, %d bytes of garbage, %d bytes an event"
        .formatted(
            nanos[EVENTS / 2],
            nanos[EVENTS / 100 * 99],
            nanos[EVENTS / 1000 * 999],
            allocated / EVENTS,
            bytes / EVENTS);
  }

  private AuditEventBuilder event() {
    return template
        .builder()
        .masking(MASKING)
        .action("invoice.approve")
        .set(EventFields.USER_ID, "u42")
        .set(EventFields.USER_NAME, "Ann Lee")
        .set(EventFields.ACTOR_TYPE, "user")
        .target("invoice", "I-981")
        .set(EventFields.TARGET_NAME, "Invoice 981")
        .change("status", "pending", "approved")
        .set(EventFields.TRACE_ID, "4bf92f3577b34da6a3ce929d0e0e4736")
        .set(EventFields.SPAN_ID, "00f067aa0ba902b7")
        .outcome(Outcome.SUCCESS);
  }
}
