package dev.bitacora.collector.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.collector.support.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AlarmBoardTest implements AlarmListener {
  private static final Map<String, String> BILLING = Map.of("service", "billing");

  private final TestClock clock = new TestClock();
  private final AlarmBoard board = new AlarmBoard(clock);
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void listen() {
    board.listen(this);
  }

  @Override
  public void began(FiringAlarm alarm) {
    told.add("began " + alarm.alarm().name() + " " + alarm.alarm().severity().text());
  }

  @Override
  public void over(FiringAlarm alarm, Instant endsAt) {
    Duration lasted = Duration.between(alarm.startsAt(), endsAt);
    told.add("over " + alarm.alarm().name() + " after " + lasted.toSeconds() + " s");
  }

  private static Alarm alarm(String name, String summary) {
    return new Alarm(name, Severity.WARNING, BILLING, summary);
  }

  @Test
  void fired_itFiresSinceThenUntilItIsResolved() {
    board.fire(alarm("Gap", "1 missing"));
    clock.forward(Duration.ofDays(3));
    board.endOverdue();
    assertThat(board.firing())
        .containsExactly(
            new FiringAlarm(alarm("Gap", "1 missing"), Instant.parse("2026-03-02T10:00:00Z")));
    board.resolve("Gap", BILLING);
    assertThat(board.firing()).isEmpty();
    assertThat(told).containsExactly("began Gap warning", "over Gap after 259200 s");
  }

  @Test
  void firedAgain_onlyItsSummaryChanges() {
    board.fire(alarm("Gap", "1 missing"));
    clock.forward(Duration.ofSeconds(5));
    board.fire(alarm("Gap", "2 missing"));
    assertThat(board.firing())
        .containsExactly(
            new FiringAlarm(alarm("Gap", "2 missing"), Instant.parse("2026-03-02T10:00:00Z")));
    assertThat(told).hasSize(1);
  }

  @Test
  void firedFor_itIsOverAfterThatTime_whichBeginsAnewWhenItIsFiredAgain() {
    board.fireFor(alarm("Lost", "7"), Duration.ofMinutes(10));
    clock.forward(Duration.ofMinutes(9));
    board.fireFor(alarm("Lost", "8"), Duration.ofMinutes(10));
    clock.forward(Duration.ofMinutes(9));
    board.endOverdue();
    assertThat(board.firing()).hasSize(1);
    clock.forward(Duration.ofMinutes(1));
    board.endOverdue();
    assertThat(board.firing()).isEmpty();
    assertThat(told).containsExactly("began Lost warning", "over Lost after 1140 s");
  }

  @Test
  void otherLabels_areAnotherAlarm() {
    board.fire(alarm("Gap", ""));
    board.fire(new Alarm("Gap", Severity.WARNING, Map.of("service", "payroll"), ""));
    board.resolve("Gap", Map.of("service", "payroll"));
    assertThat(board.firing())
        .extracting(firing -> firing.alarm().labels())
        .containsExactly(BILLING);
  }

  @Test
  void graver_itIsAnotherAlarmToWhoeverIsTold() {
    board.fire(alarm("Expires", ""));
    board.fire(new Alarm("Expires", Severity.CRITICAL, BILLING, ""));
    assertThat(told)
        .containsExactly(
            "began Expires warning", "over Expires after 0 s", "began Expires critical");
    assertThat(board.firing()).hasSize(1);
  }

  @Test
  void resolvingWhatDoesNotFire_isNothing() {
    board.resolve("Gap", BILLING);
    assertThat(told).isEmpty();
  }

  @Test
  void tooMany_areRefusedAndOneAlarmSaysSo() {
    for (int i = 0; i < AlarmBoard.MOST + 20; i++) {
      board.fire(new Alarm("Gap", Severity.WARNING, Map.of("stream", "s" + i), ""));
    }
    assertThat(board.firing()).hasSize(AlarmBoard.MOST + 1);
    FiringAlarm last = board.firing().get(AlarmBoard.MOST);
    assertThat(last.alarm().name()).isEqualTo(AlarmBoard.TOO_MANY);
    assertThat(last.alarm().summary()).contains("20 more were refused", "stream=s1019");
    board.resolve("Gap", Map.of("stream", "s0"));
    board.resolve("Gap", Map.of("stream", "s1"));
    board.fire(new Alarm("Gap", Severity.WARNING, Map.of("stream", "s1000"), ""));
    assertThat(board.firing())
        .extracting(f -> f.alarm().labels())
        .contains(Map.of("stream", "s1000"));
    clock.forward(Duration.ofHours(1));
    board.endOverdue();
    assertThat(board.firing()).extracting(f -> f.alarm().name()).containsOnly("Gap");
  }

  @Test
  void listenerThatThrows_costsNobodyAnything() {
    AlarmBoard other = new AlarmBoard(clock);
    other.listen(
        new AlarmListener() {
          @Override
          public void began(FiringAlarm alarm) {
            throw new IllegalStateException("a defect");
          }

          @Override
          public void over(FiringAlarm alarm, Instant endsAt) {
            throw new IllegalStateException("a defect");
          }
        });
    other.listen(this);
    other.fire(alarm("Gap", ""));
    other.resolve("Gap", BILLING);
    assertThat(told).containsExactly("began Gap warning", "over Gap after 0 s");
  }
}
