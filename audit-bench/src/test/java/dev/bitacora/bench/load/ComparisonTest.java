package dev.bitacora.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.bitacora.bench.load.Comparison.Side;
import java.util.List;
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
    rounds(Side.ON, 5, 4, 3);

    assertThat(comparison.median(Side.OFF, 50)).isCloseTo(2000, DIGITS);
    assertThat(comparison.added(50)).isCloseTo(2000, DIGITS);
  }

  @Test
  void percentile_isOfAllCallsOfARoundAndNotOfAllRounds() {
    comparison.add(Side.OFF, List.of(latencies(1, 1), latencies(1, 50)));
    comparison.add(Side.OFF, List.of(latencies(1, 60), latencies(1, 1)));
    comparison.add(Side.OFF, List.of(latencies(1, 1), latencies(1, 1)));

    assertThat(comparison.median(Side.OFF, 99)).isCloseTo(50_000, DIGITS);
    assertThat(comparison.median(Side.OFF, 75)).isCloseTo(1_000, DIGITS);
  }

  @Test
  void processesWithoutAnAgent_differWhicheverIsSlower() {
    comparison.add(Side.OFF, List.of(latencies(1), latencies(4)));
    comparison.add(Side.OFF, List.of(latencies(6), latencies(1)));
    comparison.add(Side.OFF, List.of(latencies(1), latencies(1)));

    assertThat(comparison.apart(50)).isCloseTo(3000, DIGITS);
  }

  @Test
  void lastRound_isToldByProcess() {
    rounds(Side.OFF, 9, 2);
    rounds(Side.ON, 9);
    comparison.add(Side.ON, List.of(latencies(4), latencies(3)));

    assertThat(comparison.last()).isEqualTo("sequential off 2,000 2,000 on 4,000 3,000 us");
  }

  private void rounds(Side side, long... millis) {
    for (long of : millis) {
      comparison.add(side, List.of(latencies(of), latencies(of)));
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
