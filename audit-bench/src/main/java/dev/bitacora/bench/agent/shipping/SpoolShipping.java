package dev.bitacora.bench.agent.shipping;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.bitacora.agent.AuditLog;
import dev.bitacora.agent.Receipt;
import dev.bitacora.bench.ChildJvm;
import dev.bitacora.bench.agent.SampleEvents;
import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

/**
 * A component that records while its broker does not answer and delivers once it does. Arguments:
 * the broker, the spool's folder, how many events, how many of them come before the clock starts, a
 * folder for {@link #VALUES} and {@link #RECORDS}, and a compression type that is not the agent's
 * own. Says {@code recorded} when all stand in the spool and {@code shipped RECORDS in SECONDS with
 * SECONDS} of processors when all are acknowledged.
 */
final class SpoolShipping {
  static final int SAMPLES = 20_000;

  /** The bytes of the first {@link #SAMPLES} events, one line each. */
  static final String VALUES = "values.txt";

  /** The same, with text of the length of their records' keys and headers behind. */
  static final String RECORDS = "records.txt";

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
        OutputStream values = lines(Path.of(arguments[4], VALUES));
        OutputStream records = lines(Path.of(arguments[4], RECORDS))) {
      record(audit, events, values, records);
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

  private static OutputStream lines(Path file) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(file));
  }

  private static void record(AuditLog audit, long events, OutputStream values, OutputStream records)
      throws IOException {
    SampleEvents samples = new SampleEvents(1);
    for (long i = 0; i < events; i++) {
      Receipt receipt = samples.next(audit).record();
      if (!receipt.isAccepted()) {
        throw new IllegalStateException("event " + i + " was refused: " + receipt);
      }
      if (i < SAMPLES) {
        values.write(receipt.bytes());
        values.write('\n');
        records.write(receipt.bytes());
        records.write(beside(receipt).getBytes(StandardCharsets.US_ASCII));
        records.write('\n');
      }
    }
    values.flush();
    records.flush();
  }

  /**
   * Text in place of the key and the headers that the agent's Kafka record has and the tool's has
   * not: as many bytes, of which as many are new in each record, so that both send and compress the
   * same.
   */
  private static String beside(Receipt receipt) {
    StreamPosition position = receipt.position().orElseThrow();
    String stream =
        Base64.getEncoder().encodeToString(position.stream().toBytes()).substring(0, 16);
    String hash = Base64.getEncoder().encodeToString(ChainLink.hash(receipt.bytes()));
    WireRecord record = new WireRecord(RecordKind.AUDIT, position, ChainLink.ZERO, new byte[0]);
    StringBuilder text = new StringBuilder(stream);
    for (KafkaHeaders.Header header : KafkaHeaders.of(record)) {
      text.append("  ").append(header.name()); // two lengths
      text.append(
          switch (header.name()) {
            case KafkaHeaders.POSITION ->
                stream + String.format(Locale.ROOT, "%08x", position.sequence());
            case KafkaHeaders.PREVIOUS -> hash.substring(0, header.value().length);
            default -> "1";
          });
    }
    return text.toString();
  }

  private static void awaitAcknowledged(AuditLog audit, long events) {
    while (audit.health().acknowledged() < events) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }
}
