package dev.bitacora.bench.collector;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.bitacora.bench.Figures;
import dev.bitacora.bench.Folders;
import dev.bitacora.bench.collector.CollectorBenchOptions.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * How fast the collector moves events from Kafka into Elasticsearch beside plain bulks of the same
 * documents, how fast the embedded one indexes beside Lucene alone, and how soon an event is found.
 * Ends with a line for each promised figure. Exit code 0 when all hold, 1 when one is missed, 2
 * when that could not be measured, 3 for wrong usage.
 */
public final class CollectorBench {
  private CollectorBench() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    CollectorBenchOptions options;
    try {
      options = CollectorBenchOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(CollectorBenchOptions.USAGE);
      return 3;
    }
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.WARN);
    }
    try {
      return run(options);
    } catch (IOException | RuntimeException e) {
      System.err.println("collector benchmark: could not be measured: " + e);
      return 2;
    }
  }

  private static int run(CollectorBenchOptions options) throws IOException {
    Path folder = Files.createTempDirectory("bitacora-bench");
    try {
      Figures figures = new Figures();
      // The figures come last, all together.
      List<Runnable> judgements = new ArrayList<>();
      for (Part part : Part.values()) {
        if (options.parts().contains(part)) {
          Path ofPart = Files.createDirectory(folder.resolve(part.text()));
          judgements.add(measure(part, options.events(), ofPart, figures));
        }
      }
      judgements.forEach(Runnable::run);
      return figures.exitCode();
    } finally {
      Folders.remove(folder);
    }
  }

  /** What is left to do is to judge. */
  private static Runnable measure(Part part, int events, Path folder, Figures figures)
      throws IOException {
    switch (part) {
      case ELASTICSEARCH -> {
        try (Cluster cluster = Cluster.start(folder);
            BesideBulks rates = new BesideBulks(cluster, folder, events)) {
          rates.measure();
          SearchDelays delays = new SearchDelays("elasticsearch", 2000);
          cluster.measureDelays(rates.collector(), delays, rates.perSecond() / 2);
          return () -> {
            rates.judge(figures);
            delays.judge(figures);
          };
        }
      }
      case EMBEDDED -> {
        BesideLucene rates = new BesideLucene(folder, events);
        rates.measure();
        SearchDelays delays = new SearchDelays("embedded", 300);
        EmbeddedService.measureDelays(folder, delays, rates.perSecond() / 2);
        return () -> {
          rates.judge(figures);
          delays.judge(figures);
        };
      }
    }
    throw new IllegalArgumentException("no such part: " + part);
  }
}
