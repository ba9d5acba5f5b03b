package dev.bitacora.bench.agent;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.bitacora.bench.Figures;
import dev.bitacora.bench.agent.AgentBenchOptions.Part;
import dev.bitacora.bench.agent.calls.CallCosts;
import dev.bitacora.bench.agent.calls.RoundPlan;
import dev.bitacora.bench.agent.memory.HeapAdded;
import dev.bitacora.bench.agent.shipping.ShippingRate;
import dev.bitacora.bench.kafka.Topics;
import dev.bitacora.testkit.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * What the agent costs its component, beside its peers in the same run, and how fast it delivers.
 * Ends with a line for each promised figure. Exit code 0 when all hold, 1 when one is missed, 2
 * when that could not be measured, 3 for wrong usage.
 */
public final class AgentBench {
  private AgentBench() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    AgentBenchOptions options;
    try {
      options = AgentBenchOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(AgentBenchOptions.USAGE);
      return 3;
    }
    // The broker is killed on purpose; its clients need not say so.
    if (LoggerFactory.getLogger("org.apache.kafka") instanceof Logger kafka) {
      kafka.setLevel(Level.OFF);
    }
    try {
      return run(options);
    } catch (IOException | RuntimeException e) {
      System.err.println("agent benchmark: could not be measured: " + e);
      return 2;
    }
  }

  private static int run(AgentBenchOptions options) throws IOException {
    Figures figures = new Figures();
    // The figures come last, all together.
    List<Runnable> judgements = new ArrayList<>();
    for (Part part : Part.values()) {
      if (options.parts().contains(part)) {
        try (KafkaBroker broker = broker(part)) {
          // Vanishes with the broker, also when this JVM is killed.
          Path folder = Files.createDirectory(broker.directory().resolve("bench"));
          new Topics(broker.bootstrapServers()).create(Topics.AUDIT, Topics.LOG);
          judgements.add(measure(part, options.isQuick(), broker, folder, figures));
        }
      }
    }
    judgements.forEach(Runnable::run);
    return figures.exitCode();
  }

  /** Rates are compared with the processors shared evenly, times with a broker that takes none. */
  private static KafkaBroker broker(Part part) {
    return part == Part.CALLS ? KafkaBroker.startElsewhere() : KafkaBroker.start();
  }

  /** What is left to do is to judge. */
  private static Runnable measure(
      Part part, boolean isQuick, KafkaBroker broker, Path folder, Figures figures)
      throws IOException {
    switch (part) {
      case CALLS -> {
        CallCosts calls = new CallCosts(broker, folder, isQuick ? RoundPlan.QUICK : RoundPlan.FULL);
        calls.measure();
        return () -> calls.judge(figures);
      }
      case SHIPPING -> {
        ShippingRate rate =
            new ShippingRate(broker, folder, isQuick ? 1 : 5, isQuick ? 100_000 : 1_200_000);
        rate.measure();
        rate.measureCompression();
        return () -> rate.judge(figures);
      }
      case MEMORY -> {
        HeapAdded heap =
            new HeapAdded(broker.bootstrapServers(), folder, isQuick ? 1_000_000 : 10_000_000);
        heap.measure();
        return () -> heap.judge(figures);
      }
    }
    throw new IllegalArgumentException("no such part: " + part);
  }
}
