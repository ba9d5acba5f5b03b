package dev.bitacora.bench.agent.shipping;

import dev.bitacora.bench.ChildJvm;
import dev.bitacora.bench.Figures;
import dev.bitacora.bench.OtherPrograms;
import dev.bitacora.bench.kafka.Topics;
import dev.bitacora.testkit.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How fast what was recorded during an outage is delivered, beside Kafka's {@code
 * kafka-producer-perf-test} with the same settings and the same events; each in a JVM of its own,
 * in turn, and neither is measured while it is cold. One thread's.
 */
public final class ShippingRate {
  private static final String TOOLS_TOPIC = "performance-tool";
  private static final List<String> JVM = List.of("-Xms512m", "-Xmx512m");
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final KafkaBroker broker;
  private final Path folder;
  private final int rounds;
  private final long events;
  private final OtherPrograms others = new OtherPrograms();
  private final List<Double> ours = new ArrayList<>();
  private final List<Double> tools = new ArrayList<>();

  /**
   * Measures nothing yet.
   *
   * @param folder for spools and the events' bytes
   * @param events per round; a fifth of them is not measured
   */
  public ShippingRate(KafkaBroker broker, Path folder, int rounds, long events) {
    this.broker = broker;
    this.folder = folder;
    this.rounds = rounds;
    this.events = events;
  }

  /** Measures, a line for each round. */
  public void measure() throws IOException {
    new Topics(broker.bootstrapServers()).create(TOOLS_TOPIC);
    Path payloads = folder.resolve("events.json");
    print("Spool to Kafka: %,d events recorded while the broker is down, then delivered", events);
    print("%-10s %15s %24s %18s", "events/s", "agent", "producer-perf-test", "other programs");
    for (int round = 1; round <= rounds; round++) {
      Delivery agent = agent(folder.resolve("spool-" + round), payloads);
      Delivery tool = tool(payloads);
      ours.add(agent.rate());
      tools.add(tool.rate());
      double others = Math.max(agent.others(), tool.others());
      print("%-10d %,15.0f %,24.0f %7.1f processors", round, agent.rate(), tool.rate(), others);
    }
    print("%-10s %,15.0f %,24.0f", "median", median(ours), median(tools));
    double bytes = (double) Files.size(payloads) / Math.min(events, SpoolShipping.SAMPLES) - 1;
    print(
        "Both with the agent's producer settings and %.0f bytes an event; only the agent sends a key"
            + " and headers beside",
        bytes);
    print("");
  }

  /**
   * One delivery.
   *
   * @param rate events per second
   * @param others processors that other programs took meanwhile
   */
  private record Delivery(double rate, double others) {}

  private Delivery agent(Path spool, Path payloads) {
    broker.kill();
    try (ChildJvm component =
        ChildJvm.start(
            SpoolShipping.class,
            JVM,
            List.of(
                broker.bootstrapServers(),
                spool.toString(),
                Long.toString(events),
                Long.toString(warmUp()),
                payloads.toString()))) {
      component.awaitLine("recorded", LIMIT);
      broker.restart();
      others.watch();
      String[] words = component.awaitLine("shipped", LIMIT).split(" ", -1);
      double rate = Long.parseLong(words[1]) / Double.parseDouble(words[3]);
      return new Delivery(rate, others.processors());
    }
  }

  private Delivery tool(Path payloads) {
    List<String> arguments =
        PerformanceTool.arguments(
            broker.bootstrapServers(), TOOLS_TOPIC, payloads, events, warmUp());
    try (ChildJvm tool = ChildJvm.start(PerformanceTool.class, JVM, arguments)) {
      others.watch();
      double rate = PerformanceTool.rate(tool.awaitLine(PerformanceTool.RESULT, LIMIT));
      return new Delivery(rate, others.processors());
    }
  }

  private long warmUp() {
    return events / 5;
  }

  /** Compares with what is promised. */
  public void judge(Figures figures) {
    figures.atLeast("spool-to-kafka-ratio", median(ours) / median(tools), 0.8);
  }

  private static double median(List<Double> rates) {
    return rates.stream().sorted().toList().get(rates.size() / 2);
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
