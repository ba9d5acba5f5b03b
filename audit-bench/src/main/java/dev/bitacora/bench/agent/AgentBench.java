package dev.bitacora.bench.agent;

import dev.bitacora.bench.Figures;
import dev.bitacora.bench.kafka.Topics;
import dev.bitacora.testkit.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * What one call costs the component's thread, at 20,000 calls a second from one thread, beside its
 * peers in the same run: with the broker up, paused and killed. Ends with a line for each promised
 * figure; exit 1 when one is missed.
 */
public final class AgentBench {
  private static final int PER_SECOND = 20_000;
  private static final int WARM_UP_CALLS = 100_000;
  private static final Duration WARM_UP = Duration.ofSeconds(4);
  private static final Duration MEASURED = Duration.ofSeconds(8);

  private final Map<String, Histogram> rows = new LinkedHashMap<>();
  private final Figures figures = new Figures();

  private AgentBench() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("bitacora-agent-bench");
    int code;
    try (KafkaBroker broker = KafkaBroker.start()) {
      new Topics(broker.bootstrapServers()).create(Topics.AUDIT, Topics.LOG);
      AgentBench bench = new AgentBench();
      bench.measure(new Recorders(folder, broker.bootstrapServers()), broker);
      code = bench.judge();
    }
    System.exit(code);
  }

  private void measure(Recorders recorders, KafkaBroker broker) {
    System.out.printf(
        Locale.ROOT,
        "%,d calls a second from one thread, %d s each; microseconds from the moment a call was due%n",
        PER_SECOND,
        MEASURED.toSeconds());
    System.out.printf("%-44s %8s %8s %8s %10s%n", "", "p50", "p99", "p99.9", "max");
    row("nothing", recorders::nothing);
    try (Recorder audit = recorders.auditLog()) {
      row("AuditLog, broker up", audit);
      broker.pause();
      row("AuditLog, broker paused", audit);
      broker.resume();
      broker.kill();
      row("AuditLog, broker down", audit);
      broker.restart();
    }
    row("log line, LogbackAuditAppender", recorders::auditAppender);
    row("log line, AsyncDisruptorAppender + file", recorders::disruptorAppender);
    row("log line, AsyncAppender + file", recorders::asyncAppender);
    row("log line, logback-kafka-appender", recorders::kafkaAppender);
    row("KafkaProducer.send, 600 bytes", recorders::producer);
  }

  private void row(String name, Supplier<Recorder> opened) {
    try (Recorder recorder = opened.get()) {
      row(name, recorder);
    }
  }

  private void row(String name, Recorder recorder) {
    Pace pace = new Pace(PER_SECOND);
    if (!rows.containsKey("AuditLog, broker up") || !name.startsWith("AuditLog")) {
      for (int i = 0; i < WARM_UP_CALLS; i++) {
        recorder.record();
      }
    }
    Histogram unused = pace.run(WARM_UP, recorder::record);
    Histogram latencies = pace.run(MEASURED, recorder::record);
    rows.put(name, latencies);
    System.out.printf(
        Locale.ROOT,
        "%-44s %8.2f %8.2f %8.2f %10.1f%n",
        name,
        micros(name, 50),
        micros(name, 99),
        micros(name, 99.9),
        latencies.getMaxValue() / 1000.0);
  }

  private double micros(String row, double percentile) {
    return rows.get(row).getValueAtPercentile(percentile) / 1000.0;
  }

  private int judge() {
    String up = "AuditLog, broker up";
    figures.atMost("audit-log-p50-us", micros(up, 50), 2);
    figures.atMost("audit-log-p99-us", micros(up, 99), 15);
    figures.atMost("audit-log-p99.9-us", micros(up, 99.9), 50);
    double bestPeer = bestPeer();
    figures.atMost("audit-log-p50-to-best-peer", micros(up, 50) / bestPeer, 0.5);
    figures.atMost(
        "audit-log-p50-paused-to-up", micros("AuditLog, broker paused", 50) / micros(up, 50), 1.2);
    figures.atMost(
        "audit-log-p50-down-to-up", micros("AuditLog, broker down", 50) / micros(up, 50), 1.2);
    figures.atMost("log-line-p50-us", micros("log line, LogbackAuditAppender", 50), bestPeer);
    return figures.exitCode();
  }

  /** Of those that record something of their own; a producer is only handed bytes. */
  private double bestPeer() {
    return rows.keySet().stream()
        .filter(name -> name.startsWith("log line"))
        .filter(name -> !name.contains("LogbackAuditAppender"))
        .mapToDouble(name -> micros(name, 50))
        .min()
        .orElseThrow();
  }
}
