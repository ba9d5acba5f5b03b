package dev.bitacora.bench.load;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** A component with its agent off beside the same one with its agent on. One thread's. */
final class Comparison {
  static final int ROUNDS = 5;
  static final int SEQUENTIAL = 1_000;

  /** Of a hundred parallel invocations each; the median of one wave differs by a fifth. */
  static final int WAVES = 40;

  private final Invocations invocations;
  private final URI off;
  private final URI on;

  Comparison(Invocations invocations, URI off, URI on) {
    this.invocations = invocations;
    this.off = off;
    this.on = on;
  }

  /** Medians of the rounds' percentiles, in microseconds. */
  record Difference(String kind, double p50Off, double p50On, double p99Off, double p99On) {
    private static Difference of(String kind, List<Histogram> offs, List<Histogram> ons) {
      return new Difference(
          kind, median(offs, 50), median(ons, 50), median(offs, 99), median(ons, 99));
    }

    private static double median(List<Histogram> rounds, double percentile) {
      double[] sorted =
          rounds.stream()
              .mapToDouble(round -> round.getValueAtPercentile(percentile) / 1000.0)
              .sorted()
              .toArray();
      return sorted[sorted.length / 2];
    }

    double p50Added() {
      return p50On - p50Off;
    }

    double p99Added() {
      return p99On - p99Off;
    }

    /** For people. */
    String row(String title) {
      return String.format(
          Locale.ROOT,
          "%-32s %10.0f %10.0f %10.0f %10.0f",
          title + ", " + kind,
          p50Off,
          p50On,
          p99Off,
          p99On);
    }
  }

  /** So many hundreds of invocations of both. */
  void warmUp(int hundreds) throws InterruptedException {
    invocations.warmUp(off, hundreds);
    invocations.warmUp(on, hundreds);
  }

  /** Sequential, then parallel invocations; each component goes first in half of the rounds. */
  List<Difference> measure() throws InterruptedException {
    List<Histogram> sequentialOff = new ArrayList<>();
    List<Histogram> sequentialOn = new ArrayList<>();
    List<Histogram> parallelOff = new ArrayList<>();
    List<Histogram> parallelOn = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (URI component : round % 2 == 0 ? List.of(off, on) : List.of(on, off)) {
        boolean isOn = component.equals(on);
        (isOn ? sequentialOn : sequentialOff).add(invocations.sequential(component, SEQUENTIAL));
        (isOn ? parallelOn : parallelOff).add(invocations.parallel(component, WAVES));
      }
    }
    return List.of(
        Difference.of("sequential", sequentialOff, sequentialOn),
        Difference.of("parallel", parallelOff, parallelOn));
  }
}
