package dev.bitacora.collector.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.collector.accounting.Lag;
import dev.bitacora.collector.alarm.AlarmBoard;
import dev.bitacora.collector.support.TestClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LagWatchTest {
  private static final String LOG = "bitacora.audit/0";

  private final TestClock clock = new TestClock();
  private final AlarmBoard board = new AlarmBoard(clock);
  private final Map<String, Lag> lags = new HashMap<>();
  private final LagWatch watch = new LagWatch(() -> Map.copyOf(lags), board, clock);

  private boolean firesWith(long records, Duration age) {
    lags.put(LOG, new Lag(records, age));
    watch.look();
    return !board.firing().isEmpty();
  }

  @Test
  void upToFiveMinutes_isNoAlarm() {
    assertThat(firesWith(5_000, Duration.ofMinutes(5))).isFalse();
    assertThat(firesWith(5_000, Duration.ofMinutes(5).plusMillis(1))).isTrue();
    assertThat(board.firing().get(0).alarm().labels()).isEqualTo(Map.of("partition", LOG));
    assertThat(board.firing().get(0).alarm().summary()).contains("300 s old", "5000 wait");
  }

  @Test
  void manyThatWait_areAnAlarmAfterFiveMinutes() {
    assertThat(firesWith(100_001, Duration.ZERO)).isFalse();
    clock.forward(Duration.ofMinutes(4));
    assertThat(firesWith(400_000, Duration.ZERO)).isFalse();
    clock.forward(Duration.ofMinutes(1));
    assertThat(firesWith(400_000, Duration.ZERO)).isTrue();
  }

  @Test
  void aShortBurst_isNone() {
    assertThat(firesWith(200_000, Duration.ZERO)).isFalse();
    for (int minute = 0; minute < 10; minute++) {
      clock.forward(Duration.ofMinutes(1));
      assertThat(firesWith(0, Duration.ZERO)).isFalse();
    }
    assertThat(firesWith(200_000, Duration.ZERO)).isFalse();
  }

  @Test
  void itIsOver_afterAMinuteWithoutLag() {
    assertThat(firesWith(10, Duration.ofMinutes(6))).isTrue();
    assertThat(firesWith(10, Duration.ZERO)).isTrue();
    clock.forward(Duration.ofSeconds(59));
    assertThat(firesWith(10, Duration.ZERO)).isTrue();
    clock.forward(Duration.ofSeconds(1));
    assertThat(firesWith(10, Duration.ZERO)).isFalse();
  }

  @Test
  void partitionThatWentToAnother_isItsBusiness() {
    assertThat(firesWith(10, Duration.ofMinutes(6))).isTrue();
    lags.clear();
    watch.look();
    assertThat(board.firing()).isEmpty();
  }
}
