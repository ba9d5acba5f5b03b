package dev.bitacora.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.bitacora.bench.load.Comparison.Side;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  /** The histograms' own precision. */
  private static final Offset<Double> DIGITS = within(10.0);

  private final Comparison comparison = new Comparison("sequential", "up");

  @Test
  void sides_areComparedByTheMedianOfTheirRounds() {
    rounds(Side.OFF, 2, 1, 90);
    rounds(Side.ALSO_OFF, 1, 1, 80);
    rounds(Side.ON, 5, 4, 3);

    assertThat(comparison.median(Side.OFF, 50)).isCloseTo(2000, DIGITS);
    assertThat(comparison.added(Side.ALSO_OFF, 50)).isCloseTo(-1000, DIGITS);
    assertThat(comparison.added(Side.ON, 50)).isCloseTo(2000, DIGITS);
  }

  @Test
  void percentile_isOfARoundNotOfAllRounds() {
    comparison.add(Side.OFF, latencies(1, 1, 50));
    comparison.add(Side.OFF, latencies(1, 1, 60));
    comparison.add(Side.OFF, latencies(1, 1, 1));

    assertThat(comparison.median(Side.OFF, 99)).isCloseTo(50_000, within(100.0));
  }

  private void rounds(Side side, long... millis) {
    for (long of : millis) {
      comparison.add(side, latencies(of));
    }
  }

  private static Histogram latencies(long... millis) {
    Histogram histogram = Invocations.histogram();
    for (long of : millis) {
      histogram.recordValue(TimeUnit.MILLISECONDS.toNanos(of));
    }
    return histogram;
  }
}
