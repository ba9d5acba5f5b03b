package dev.bitacora.bench.agent.shipping;

import dev.bitacora.agent.kafka.AgentProducer;
import dev.bitacora.bench.ChildJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.tools.ProducerPerformance;

/**
 * Kafka's own {@code kafka-producer-perf-test}, with the settings of the agent's producer. Its
 * arguments are that tool's. It stays until its parent ends it.
 */
final class PerformanceTool {
  /** What the line of its result holds. */
  static final String RESULT = "steady state records sent";

  private static final Pattern RATE = Pattern.compile(RESULT + ", ([0-9.]+) records/sec");

  private PerformanceTool() {}

  public static void main(String[] arguments) throws Exception {
    ChildJvm.endWithParent();
    ProducerPerformance.main(arguments);
    Thread.currentThread().join(); // until its processor time has been asked for
  }

  /**
   * The tool's arguments.
   *
   * @param payloads one per line; the tool sends them in random order
   */
  static List<String> arguments(
      String bootstrapServers, String topic, Path payloads, long records, long warmUp) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--bootstrap-server", bootstrapServers, "--topic", topic));
    arguments.addAll(List.of("--num-records", Long.toString(records), "--throughput", "-1"));
    arguments.addAll(List.of("--warmup-records", Long.toString(warmUp)));
    arguments.addAll(List.of("--payload-file", payloads.toString(), "--command-property"));
    AgentProducer.settings("performance-tool").entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(setting -> arguments.add(setting.getKey() + "=" + setting.getValue()));
    return arguments;
  }

  /** Records per second, the first ones left out. */
  static double rate(String line) {
    Matcher matcher = RATE.matcher(line);
    if (!matcher.find()) {
      throw new IllegalArgumentException("the performance tool's result is no longer: " + RATE);
    }
    return Double.parseDouble(matcher.group(1));
  }
}
