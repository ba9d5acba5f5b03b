package dev.bitacora.bench.agent.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final double QUIET = 0.1;
  private static final double BUSY = 0.5;

  private final Rounds rounds = new Rounds();

  @Test
  void figures_areMediansOfTheRounds() {
    add(1, QUIET);
    add(30, QUIET);
    add(2, QUIET);
    assertThat(rounds.percentile(50)).isCloseTo(2, within(0.01));
    assertThat(rounds.durationPercentile(50)).isCloseTo(1, within(0.01));
    assertThat(rounds.isDoubtful()).isFalse();
  }

  @Test
  void disturbedRounds_doNotCount() {
    add(2, QUIET);
    add(30, BUSY);
    add(2, QUIET);
    add(30, BUSY);
    add(30, BUSY);
    add(2, QUIET);
    assertThat(rounds.percentile(50)).isCloseTo(2, within(0.01));
    assertThat(rounds.disturbed()).isEqualTo(3);
    assertThat(rounds.isDoubtful()).isFalse();
  }

  @Test
  void disturbedRounds_countForWantOfOthers_andThatIsKnown() {
    add(1, QUIET);
    add(30, BUSY);
    add(30, BUSY);
    assertThat(rounds.percentile(50)).isCloseTo(30, within(0.1));
    assertThat(rounds.isDoubtful()).isTrue();
  }

  @Test
  void theShareOfLostCalls_isOfTheCallsMade() {
    Crew.Run run = new Crew.Run(new Pace.Times(), 1_000, 0.5, false);
    rounds.add(new Rounds.Round(run, 250, QUIET, 0));
    assertThat(rounds.lostShare()).isEqualTo(0.25);
    assertThat(rounds.perSecond()).isEqualTo(2_000);
  }

  @Test
  void roundsInWhichTheHostTookAProcessor_doNotCount() {
    add(2, QUIET, 0.004);
    add(30, QUIET, 0.01);
    add(2, QUIET, 0);
    add(2, QUIET, 0);
    assertThat(rounds.percentile(50)).isCloseTo(2, within(0.01));
    assertThat(rounds.disturbed()).isEqualTo(1);
  }

  private void add(long micros, double others) {
    add(micros, others, 0);
  }

  private void add(long micros, double others, double stolen) {
    Pace.Times times = new Pace.Times();
    times.latencies().recordValue(micros * 1000);
    times.durations().recordValue(micros * 500);
    rounds.add(new Rounds.Round(new Crew.Run(times, 1, 1, false), 0, others, stolen));
  }
}
