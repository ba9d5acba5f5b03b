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
 * in turn. The tool sends neither key nor headers: so that its records have the same size, their
 * values have as many bytes more; what it does with the events alone is shown beside. Half of the
 * events come before the clock starts, and the broker is stopped and goes on instead of starting
 * anew: what compiles in the first seconds would be what is measured. One thread's.
 */
public final class ShippingRate {
  /** Of one partition, because a stream stays in one. */
  private static final String TOOLS_TOPIC = "performance-tool";

  private static final String VALUES_TOPIC = "performance-tool-values";

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
  private final List<Double> toolsOfValues = new ArrayList<>();

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
    new Topics(broker.bootstrapServers()).create(1, TOOLS_TOPIC, VALUES_TOPIC);
    print(
        "Spool to Kafka: %,d events recorded while the broker is stopped, then delivered", events);
    print("%-8s %10s %20s %20s", "events/s", "agent", "producer-perf-test", "with events alone");
    for (int round = 1; round <= rounds; round++) {
      Delivery agent = agent(folder.resolve("spool-" + round), List.of());
      Delivery tool = tool(TOOLS_TOPIC, SpoolShipping.RECORDS);
      Delivery ofValues = tool(VALUES_TOPIC, SpoolShipping.VALUES);
      ours.add(agent.rate());
      tools.add(tool.rate());
      toolsOfValues.add(ofValues.rate());
      print(
          "%-8d %,10.0f %,20.0f %,20.0f, other programs: %.1f processors",
          round,
          agent.rate(),
          tool.rate(),
          ofValues.rate(),
          Math.max(Math.max(agent.others(), tool.others()), ofValues.others()));
    }
    print(
        "%-8s %,10.0f %,20.0f %,20.0f",
        "median", median(ours), median(tools), median(toolsOfValues));
    print("%-8s %10s %20.2f %20.2f", "agent to", "", ratio(tools), ratio(toolsOfValues));
    print(
        "%-8s %10.0f %20.0f %20.0f",
        "stored", stored(Topics.AUDIT), stored(TOOLS_TOPIC), stored(VALUES_TOPIC));
    print(
        "All with the agent's producer settings; stored: bytes of a record on the broker's disk. Records"
            + " have %.0f bytes, their events %.0f: the tool sends neither key nor headers, and has"
            + " values that are as much longer instead, but for the last column",
        bytesOf(SpoolShipping.RECORDS), bytesOf(SpoolShipping.VALUES));
    print("");
  }

  /** Of one line. */
  private double bytesOf(String payloads) throws IOException {
    return (double) Files.size(folder.resolve(payloads)) / Math.min(events, SpoolShipping.SAMPLES)
        - 1;
  }

  private double ratio(List<Double> of) {
    return median(ours) / median(of);
  }

  /** What compression costs and brings: the agent's deliveries with each, a line for each. */
  public void measureCompression() throws IOException {
    print("%-12s %9s %26s %24s", "compression", "events/s", "µs of processors an event", "bytes");
    for (String type : COMPRESSION) {
      long before = bytesIn(Topics.AUDIT);
      Delivery agent = agent(folder.resolve("spool-" + type), List.of(type));
      double bytes = (bytesIn(Topics.AUDIT) - before) / (double) events;
      print("%-12s %,9.0f %26.2f %24.0f", type, agent.rate(), agent.micros(), bytes);
    }
    print("Bytes of an event as the broker stores it, with its key and headers");
    print("");
  }

  /** Of each record that was sent in the rounds. */
  private double stored(String topic) throws IOException {
    return bytesIn(topic) / (double) (rounds * events);
  }

  private long bytesIn(String topic) throws IOException {
    try (Stream<Path> files = Files.walk(broker.directory())) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .filter(file -> file.getParent().getFileName().toString().matches(topic + "-\\d+"))
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

  private Delivery agent(Path spool, List<String> compression) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                broker.bootstrapServers(),
                spool.toString(),
                Long.toString(events),
                Long.toString(warmUp()),
                folder.toString()));
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

  private Delivery tool(String topic, String payloads) {
    List<String> arguments =
        PerformanceTool.arguments(
            broker.bootstrapServers(), topic, folder.resolve(payloads), events, warmUp());
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
    figures.atLeast("spool-to-kafka-ratio", ratio(tools), 0.8);
  }

  private static double median(List<Double> rates) {
    return rates.stream().sorted().toList().get(rates.size() / 2);
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
