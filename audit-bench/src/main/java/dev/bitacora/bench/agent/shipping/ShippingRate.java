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
import java.util.stream.Stream;

/**
 * How fast what was recorded during an outage is delivered, beside Kafka's {@code
 * kafka-producer-perf-test} with the same settings and the same events; each in a JVM of its own,
 * in turn. Half of the events come before the clock starts, and the broker is stopped and goes on
 * instead of starting anew: what compiles in the first seconds would be what is measured. One
 * thread's.
 */
public final class ShippingRate {
  /** One partition, because a stream stays in one. */
  private static final String TOOLS_TOPIC = "performance-tool";

  private static final List<String> COMPRESSION = List.of("gzip", "lz4", "none");
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
   * @param events per round, the half that is not measured among them
   */
  public ShippingRate(KafkaBroker broker, Path folder, int rounds, long events) {
    this.broker = broker;
    this.folder = folder;
    this.rounds = rounds;
    this.events = events;
  }

  /** Measures, a line for each round. */
  public void measure() throws IOException {
    new Topics(broker.bootstrapServers()).create(1, TOOLS_TOPIC);
    Path payloads = folder.resolve("events.json");
    print(
        "Spool to Kafka: %,d events recorded while the broker is stopped, then delivered", events);
    print("%-10s %15s %24s %18s", "events/s", "agent", "producer-perf-test", "other programs");
    for (int round = 1; round <= rounds; round++) {
      Delivery agent = agent(folder.resolve("spool-" + round), payloads, List.of());
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

  /** What compression costs and brings: the agent's deliveries with each, a line for each. */
  public void measureCompression() throws IOException {
    Path payloads = folder.resolve("events.json");
    print("%-12s %9s %26s %24s", "compression", "events/s", "µs of processors an event", "bytes");
    for (String type : COMPRESSION) {
      long before = storedBytes();
      Delivery agent = agent(folder.resolve("spool-" + type), payloads, List.of(type));
      double bytes = (storedBytes() - before) / (double) events;
      print("%-12s %,9.0f %26.2f %24.0f", type, agent.rate(), agent.micros(), bytes);
    }
    print("Bytes of an event as the broker stores it, with its key and headers");
    print("");
  }

  private long storedBytes() throws IOException {
    try (Stream<Path> files = Files.walk(broker.directory())) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .filter(file -> file.getParent().getFileName().toString().startsWith(Topics.AUDIT))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  /**
   * One delivery.
   *
   * @param rate events per second
   * @param micros that it took of the processors for an event, of the tool not known
   * @param others processors that other programs took meanwhile
   */
  private record Delivery(double rate, double micros, double others) {}

  private Delivery agent(Path spool, Path payloads, List<String> compression) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                broker.bootstrapServers(),
                spool.toString(),
                Long.toString(events),
                Long.toString(warmUp()),
                payloads.toString()));
    arguments.addAll(compression);
    broker.pause();
    try (ChildJvm component = ChildJvm.start(SpoolShipping.class, JVM, arguments)) {
      component.awaitLine("recorded", LIMIT);
      broker.resume();
      others.watch();
      String[] words = component.awaitLine("shipped", LIMIT).split(" ", -1);
      long shipped = Long.parseLong(words[1]);
      return new Delivery(
          shipped / Double.parseDouble(words[3]),
          Double.parseDouble(words[5]) * 1e6 / shipped,
          others.processors());
    }
  }

  private Delivery tool(Path payloads) {
    List<String> arguments =
        PerformanceTool.arguments(
            broker.bootstrapServers(), TOOLS_TOPIC, payloads, events, warmUp());
    try (ChildJvm tool = ChildJvm.start(PerformanceTool.class, JVM, arguments)) {
      others.watch();
      double rate = PerformanceTool.rate(tool.awaitLine(PerformanceTool.RESULT, LIMIT));
      return new Delivery(rate, Double.NaN, others.processors());
    }
  }

  private long warmUp() {
    return events / 2;
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
