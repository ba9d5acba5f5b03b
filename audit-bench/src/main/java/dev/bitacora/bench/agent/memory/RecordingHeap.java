package dev.bitacora.bench.agent.memory;

import com.sun.management.GarbageCollectorMXBean;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.bench.ChildJvm;
import dev.bitacora.bench.agent.SampleEvents;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * A component that records as fast as its broker takes it and looks at its heap. Arguments: the
 * broker, the spool's folder, how many events, how many samples. Says {@code heap EVENTS BUSY REST
 * BUFFER} for each sample and {@code recorded} at the end: bytes that were not there before the
 * agent was opened, found by a full collection, while events are on their way and once all are
 * delivered; and how much of the latter Kafka's producers hold as their buffers.
 */
final class RecordingHeap {
  /** Recording is faster than delivery and waits when so much is not delivered. */
  private static final long MOST_WAITING_BYTES = 64L << 20;

  private static final long EVENTS_BETWEEN_LOOKS = 1_000;

  /** The serial collector's names. */
  private static final String FULL_COLLECTOR = "MarkSweepCompact";

  private static final Set<String> HEAP_POOLS =
      Set.of("Eden Space", "Survivor Space", "Tenured Gen");

  private static final Duration LOOK = Duration.ofMillis(5);

  private final AuditLog audit;
  private final SampleEvents samples = new SampleEvents(2);
  private final long baseline;

  private RecordingHeap(AuditLog audit, long baseline) {
    this.audit = audit;
    this.baseline = baseline;
  }

  public static void main(String[] arguments) {
    ChildJvm.endWithParent();
    long events = Long.parseLong(arguments[2]);
    int samples = Integer.parseInt(arguments[3]);
    long baseline = liveHeap();
    try (AuditLog audit = SampleEvents.open(arguments[0], Path.of(arguments[1]))) {
      RecordingHeap component = new RecordingHeap(audit, baseline);
      for (int i = 1; i <= samples; i++) {
        component.record(events / samples);
        component.tell(i * events / samples);
      }
    }
    System.out.println("recorded");
  }

  private void record(long events) {
    for (long i = 0; i < events; i++) {
      if (i % EVENTS_BETWEEN_LOOKS == 0) {
        awaitWaitingBytes(MOST_WAITING_BYTES);
      }
      var receipt = samples.next(audit).record();
      if (!receipt.isAccepted()) {
        throw new IllegalStateException("refused: " + receipt);
      }
    }
  }

  private void tell(long events) {
    long busy = liveHeap() - baseline;
    awaitWaitingBytes(0);
    long rest = liveHeap() - baseline;
    System.out.printf("heap %d %d %d %d%n", events, busy, rest, ProducerBuffers.of(audit));
  }

  private void awaitWaitingBytes(long most) {
    while (audit.health().queueBytes() > most) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /** What the last full collection left, as the collector itself counted it. */
  private static long liveHeap() {
    System.gc();
    System.gc(); // takes what the first one's finalizers let go
    return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
        .filter(collector -> collector.getName().equals(FULL_COLLECTOR))
        .map(GarbageCollectorMXBean::getLastGcInfo)
        .flatMap(info -> info.getMemoryUsageAfterGc().entrySet().stream())
        .filter(pool -> HEAP_POOLS.contains(pool.getKey()))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }
}
