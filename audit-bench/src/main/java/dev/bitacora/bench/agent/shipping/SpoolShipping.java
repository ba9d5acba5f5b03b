package dev.bitacora.bench.agent.shipping;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.Receipt;
import dev.bitacora.bench.ChildJvm;
import dev.bitacora.bench.agent.SampleEvents;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

/**
 * A component that records while its broker does not answer and delivers once it does. Arguments:
 * the broker, the spool's folder, how many events, how many of them come before the clock starts, a
 * file for the bytes of the first {@link #SAMPLES} events, one line each, and a compression type
 * that is not the agent's own. Says {@code recorded} when all stand in the spool and {@code shipped
 * RECORDS in SECONDS with SECONDS} of processors when all are acknowledged.
 */
final class SpoolShipping {
  static final int SAMPLES = 20_000;

  private static final Duration LOOK = Duration.ofMillis(10);

  private SpoolShipping() {}

  public static void main(String[] arguments) throws IOException {
    ChildJvm.endWithParent();
    if (LoggerFactory.getLogger("org.apache.kafka") instanceof Logger kafka) {
      kafka.setLevel(Level.OFF); // the broker does not answer on purpose
    }
    long events = Long.parseLong(arguments[2]);
    long warmUp = Long.parseLong(arguments[3]);
    Map<String, String> kafka = new HashMap<>(Map.of("bootstrap.servers", arguments[0]));
    if (arguments.length > 5) {
      kafka.put("compression.type", arguments[5]);
    }
    try (AuditLog audit = SampleEvents.open(kafka, Path.of(arguments[1]));
        OutputStream bytes =
            new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[4])))) {
      record(audit, events, bytes);
      System.out.println("recorded");
      awaitAcknowledged(audit, warmUp);
      long start = System.nanoTime();
      Duration processorsBefore = processors();
      awaitAcknowledged(audit, events);
      double seconds = (System.nanoTime() - start) / 1e9;
      double processors = processors().minus(processorsBefore).toNanos() / 1e9;
      System.out.printf(
          Locale.ROOT, "shipped %d in %.3f with %.3f%n", events - warmUp, seconds, processors);
    }
  }

  private static Duration processors() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
  }

  private static void record(AuditLog audit, long events, OutputStream bytes) throws IOException {
    SampleEvents samples = new SampleEvents(1);
    for (long i = 0; i < events; i++) {
      Receipt receipt = samples.next(audit).record();
      if (!receipt.isAccepted()) {
        throw new IllegalStateException("event " + i + " was refused: " + receipt);
      }
      if (i < SAMPLES) {
        bytes.write(receipt.bytes());
        bytes.write('\n');
      }
    }
    bytes.flush();
  }

  private static void awaitAcknowledged(AuditLog audit, long events) {
    while (audit.health().acknowledged() < events) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }
}
