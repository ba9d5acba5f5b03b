package dev.bitacora.bench.agent.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long MILLISECOND = 1_000_000;
  private static final Duration INTERVAL = Duration.ofMillis(1);

  private final Pace.Times times = new Pace.Times();
  private final Histogram latencies = times.latencies();
  private long clock;
  private long calls;
  private boolean isOver;

  @Test
  void callsThatHadToWaitForASlowOne_countWithTheirWaiting() {
    Pace pace = punctual(0);
    run(pace, () -> clock += calls++ == 0 ? 50 * MILLISECOND : 0);
    assertThat(latencies.getTotalCount()).isEqualTo(100).isEqualTo(calls);
    assertThat(latencies.getMaxValue()).isCloseTo(50 * MILLISECOND, within());
    // 50 calls were due during the first one, the 25th of them half of that time ago.
    assertThat(latencies.getValueAtPercentile(75)).isCloseTo(25 * MILLISECOND, within());
    assertThat(latencies.getValueAtPercentile(50)).isZero();
  }

  @Test
  void aSlowCallOfTheLeadIn_doesNotCount_butThoseThatWaitForItDo() {
    Duration leadIn = Duration.ofMillis(50);
    clock = -50 * MILLISECOND;
    Runnable firstIsSlow = () -> clock += calls++ == 0 ? 60 * MILLISECOND : 0;
    punctual(0).run(0, leadIn, Duration.ofMillis(100), firstIsSlow, () -> isOver, times);
    assertThat(calls).isEqualTo(150);
    assertThat(latencies.getTotalCount()).isEqualTo(100);
    assertThat(latencies.getMaxValue()).isCloseTo(10 * MILLISECOND, within());
  }

  @Test
  void aCallOfTheLeadInThatDoesNotReturn_isNotAmongThoseThatWaitedForIt() {
    Duration leadIn = Duration.ofMillis(50);
    clock = -50 * MILLISECOND;
    Runnable givenUp =
        () -> {
          calls++;
          clock += 200 * MILLISECOND;
          isOver = true;
        };
    punctual(0).run(0, leadIn, Duration.ofMillis(100), givenUp, () -> isOver, times);
    assertThat(calls).isOne();
    assertThat(latencies.getTotalCount()).isEqualTo(100);
    assertThat(latencies.getMaxValue()).isCloseTo(150 * MILLISECOND, within());
    assertThat(times.durations().getTotalCount()).isZero();
  }

  @Test
  void aCallAlone_isMeasuredFromWhenItBegan() {
    Pace pace = punctual(0);
    run(pace, () -> clock += calls++ == 0 ? 50 * MILLISECOND : 1000);
    Histogram durations = times.durations();
    assertThat(durations.getTotalCount()).isEqualTo(100);
    assertThat(durations.getMaxValue()).isCloseTo(50 * MILLISECOND, within());
    assertThat(durations.getValueAtPercentile(98)).isEqualTo(1000);
  }

  @Test
  void aThreadThatAwakesLate_isMeasuredFromThen() {
    run(oversleeping(MILLISECOND / 4), () -> clock += 1000);
    assertThat(latencies.getTotalCount()).isEqualTo(100);
    assertThat(latencies.getMaxValue()).isEqualTo(1000);
  }

  @Test
  void aThreadThatAwakesLate_keepsTheRate_andCallsWaitForEachOther() {
    run(oversleeping(2 * MILLISECOND), () -> clock += 1000);
    assertThat(latencies.getTotalCount()).isEqualTo(100);
    // Up to three were due when it awoke: the last one waited for the two before.
    assertThat(latencies.getMaxValue()).isBetween(3000L, 3001L);
  }

  @Test
  void aThreadThatSleeps_measuresWhatWaitedForASlowCallFromWhenItWasDue() {
    run(oversleeping(0), () -> clock += calls++ == 0 ? 50 * MILLISECOND : 0);
    assertThat(latencies.getValueAtPercentile(75)).isCloseTo(25 * MILLISECOND, within());
  }

  @Test
  void whenItIsOver_whatIsDueCountsWithWhatItWaited_andIsNotMade() {
    Pace pace = punctual(0);
    run(
        pace,
        () -> {
          calls++;
          clock += 200 * MILLISECOND;
          isOver = true;
        });
    assertThat(calls).isEqualTo(1);
    assertThat(latencies.getTotalCount()).isEqualTo(100);
    assertThat(latencies.getMinValue()).isCloseTo(101 * MILLISECOND, within());
    assertThat(times.durations().getTotalCount()).isEqualTo(1);
  }

  @Test
  void aCall_isDueAtItsMomentOfItsInterval() {
    List<Long> made = new ArrayList<>();
    run(punctual(MILLISECOND / 4), () -> made.add(clock));
    assertThat(made).hasSize(100);
    for (int i = 0; i < 100; i++) {
      assertThat(made.get(i)).isEqualTo(i * MILLISECOND + MILLISECOND / 4);
    }
    assertThat(latencies.getMaxValue()).isZero();
  }

  @Test
  void callsOfARun_areDueAtAnyMomentOfTheirIntervals() {
    List<Long> moments = new ArrayList<>();
    Pace pace = new Pace(INTERVAL, false, Pace::random, () -> clock, due -> clock = due);
    run(pace, () -> moments.add(clock - calls++ * MILLISECOND));
    assertThat(moments).hasSize(100).allMatch(moment -> moment >= 0 && moment < MILLISECOND);
    assertThat(moments).anyMatch(moment -> moment < MILLISECOND / 4);
    assertThat(moments).anyMatch(moment -> moment > MILLISECOND * 3 / 4);
  }

  private Pace punctual(long moment) {
    return new Pace(INTERVAL, false, interval -> moment, () -> clock, due -> clock = due);
  }

  private Pace oversleeping(long nanos) {
    return new Pace(INTERVAL, true, interval -> 0, () -> clock, due -> clock = due + nanos);
  }

  private void run(Pace pace, Runnable call) {
    pace.run(0, Duration.ZERO, Duration.ofMillis(100), call, () -> isOver, times);
  }

  /** A histogram knows three digits. */
  private static Offset<Long> within() {
    return Offset.offset(MILLISECOND / 2);
  }
}
