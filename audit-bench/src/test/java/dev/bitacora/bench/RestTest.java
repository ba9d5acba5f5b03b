package dev.bitacora.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RestTest {
  private static final Duration WINDOW = Duration.ofMillis(250);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private long clock;
  private long used;

  @Test
  void await_whileSomethingWorks_takesUntilItEnds() {
    assertThat(restWithLoads(1.5, 0.9, 0.02).await(LIMIT)).isEqualTo(WINDOW.multipliedBy(2));
  }

  @Test
  void await_whenNothingWorks_takesNoTime() {
    assertThat(restWithLoads(0.02).await(LIMIT)).isZero();
  }

  @Test
  void await_whenWorkDoesNotEnd_takesTheLimit() {
    Rest rest = new Rest(() -> used, () -> clock, () -> pass(1.0));
    assertThat(rest.await(LIMIT)).isEqualTo(LIMIT);
  }

  @Test
  @Timeout(60)
  void processorTime_growsWhileThisProcessWorks() {
    long before = Rest.used();
    while (Rest.used() == before) {
      Thread.onSpinWait();
    }
    assertThat(Rest.used()).isGreaterThan(before);
  }

  /** One load, in processors, per window. */
  private Rest restWithLoads(Double... loads) {
    Iterator<Double> each = List.of(loads).iterator();
    return new Rest(() -> used, () -> clock, () -> pass(each.next()));
  }

  private void pass(double load) {
    clock += WINDOW.toNanos();
    used += (long) (load * WINDOW.toNanos());
  }
}
