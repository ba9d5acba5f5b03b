package dev.bitacora.bench.agent.memory;

import dev.bitacora.bench.ChildJvm;
import dev.bitacora.bench.Figures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How much live heap the agent adds to a component that records millions of events, and whether it
 * grows; in a JVM of its own. One thread's.
 */
public final class HeapAdded {
  private static final int SAMPLES = 10;

  /** Every full collection compacts: else three of four leave up to 8 MB of garbage. */
  private static final List<String> JVM =
      List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:MarkSweepAlwaysCompactCount=1");

  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final double LIMIT_MB = 32;

  /** Far less than one object of 24 bytes for each of ten million events. */
  private static final double GROWTH_LIMIT_MB = 1;

  private final String bootstrapServers;
  private final Path folder;
  private final long events;
  private final List<Sample> samples = new ArrayList<>();

  /**
   * Measures nothing yet.
   *
   * @param folder for the spool
   */
  public HeapAdded(String bootstrapServers, Path folder, long events) {
    this.bootstrapServers = bootstrapServers;
    this.folder = folder;
    this.events = events;
  }

  /** Megabytes of live heap more than before the agent was opened. */
  private record Sample(long events, double busy, double rest, double buffers) {
    static Sample of(String line) {
      long[] numbers = Stream.of(line.split(" ", -1)).skip(1).mapToLong(Long::parseLong).toArray();
      return new Sample(
          numbers[0], megabytes(numbers[1]), megabytes(numbers[2]), megabytes(numbers[3]));
    }

    private static double megabytes(long bytes) {
      return bytes / (double) (1 << 20);
    }

    double busyBesideBuffers() {
      return busy - buffers;
    }

    double restBesideBuffers() {
      return rest - buffers;
    }
  }

  /** Measures, a line for each sample. */
  public void measure() {
    print("Live heap added by the agent while %,d events are recorded, MB", events);
    print("%12s %12s %14s %20s", "events", "delivering", "all delivered", "producers' buffers");
    try (ChildJvm component =
        ChildJvm.start(
            RecordingHeap.class,
            JVM,
            List.of(
                bootstrapServers,
                folder.toString(),
                Long.toString(events),
                Integer.toString(SAMPLES)))) {
      for (int i = 0; i < SAMPLES; i++) {
        Sample sample = Sample.of(component.awaitLine("heap ", LIMIT));
        samples.add(sample);
        print(
            "%,12d %12.1f %14.1f %20.1f",
            sample.events(), sample.busy(), sample.rest(), sample.buffers());
      }
      component.awaitLine("recorded", LIMIT);
    }
    print("");
  }

  /** Compares with what is promised: beside the buffers, of which {@code buffer.memory} decides. */
  public void judge(Figures figures) {
    double most = samples.stream().mapToDouble(Sample::busyBesideBuffers).max().orElseThrow();
    figures.atMost("heap-added-mb", most, LIMIT_MB);
    // The first sample is still without what is made once, and what grew until then.
    double early = samples.get(1).restBesideBuffers();
    double late = samples.get(SAMPLES - 1).restBesideBuffers();
    figures.atMost("heap-growth-mb", late - early, GROWTH_LIMIT_MB);
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
