package dev.bitacora.collector.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ClockCheckTest {
  private final ClockCheck check = new ClockCheck();

  @Test
  void aClockWithinTheLimit_isRight() {
    check.heard(29_000, 0);
    check.heard(-29_000, 0);
    assertThat(check.isOff()).isFalse();
  }

  @Test
  void aRecordFromTheFuture_isProofAtOnce_untilOneIsRight() {
    check.heard(31_000, 60_000);
    assertThat(check.isOff()).isTrue();
    assertThat(check.off()).isEqualTo(Duration.ofSeconds(31));
    check.heard(10, 0);
    assertThat(check.isOff()).isFalse();
  }

  @Test
  void aClockBehind_isProvenByThreeInARowFromAnAgentWithoutBacklog() {
    check.heard(-40_000, 0);
    check.heard(-40_000, 0);
    assertThat(check.isOff()).isFalse();
    check.heard(-40_000, 0);
    assertThat(check.off()).isEqualTo(Duration.ofSeconds(-40));
  }

  @Test
  void recordsThatWaitedForDelivery_proveNothing() {
    for (int i = 0; i < 10; i++) {
      check.heard(-600_000, i == 0 ? 0 : 60_000);
    }
    assertThat(check.isOff()).isFalse();
  }

  @Test
  void aBacklog_doesNotClearAClockThatWasAhead() {
    check.heard(120_000, 0);
    check.heard(-600_000, 60_000);
    assertThat(check.isOff()).isTrue();
  }
}
