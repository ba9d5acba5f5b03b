package dev.bitacora.collector.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.AlarmBoard;
import dev.bitacora.collector.alarm.FiringAlarm;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.index.PendingRecord;
import dev.bitacora.collector.index.Receipt;
import dev.bitacora.collector.support.TestClock;
import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.event.Actions;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventClass;
import dev.bitacora.core.event.Outcome;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Hours of a component's life, minute by minute. */
final class TrafficWatchTest implements Receipt {
  private static final Map<String, String> BILLING =
      Map.of("service", "billing", "environment", "prd");

  private final TestClock clock = new TestClock();
  private final AlarmBoard board = new AlarmBoard(clock);
  private final TestStream stream = new TestStream();
  private Set<String> logs = Set.of("bitacora.audit/0");
  private boolean isCurrent = true;
  private final TrafficWatch watch = new TrafficWatch(() -> logs, () -> isCurrent, board, clock);

  @Override
  public void settled(PendingRecord record, Settlement how) {}

  @Override
  public boolean isWanted() {
    return true;
  }

  private void index(AuditEvent event, Instant appended, Settlement how) {
    WireRecord wire = stream.next(event);
    LogPosition position = new LogPosition("bitacora.audit/0", wire.position().sequence());
    NewEvent indexed =
        new NewEvent(wire.position(), event, appended, position, AgentIdStatus.VERIFIED);
    RawRecord raw = RawRecord.of(wire, Optional.of(position), "");
    watch.settled(PendingRecord.of(raw, indexed, this), how);
  }

  private void index(AuditEvent event) {
    index(event, clock.instant(), Settlement.INDEXED);
  }

  private void events(int successes, int failures) {
    for (int i = 0; i < successes + failures; i++) {
      index(
          TestStream.event("billing")
              .outcome(i < successes ? Outcome.SUCCESS : Outcome.FAILURE)
              .build());
    }
  }

  private void answers(int good, int bad) {
    for (int i = 0; i < good + bad; i++) {
      AuditEventBuilder event = TestStream.event("billing").outcome(Outcome.UNKNOWN);
      index(event.set("http.response.status_code", i < good ? 404L : 503L).build());
    }
  }

  private void control(String action) {
    index(
        AuditEvent.builder(Dataset.CONTROL)
            .action(action)
            .eventClass(EventClass.MANDATORY)
            .message(action)
            .set("user.id", "system")
            .set("service.name", "billing")
            .set("service.environment", "prd")
            .build());
  }

  /** So many minutes in each of which this happens. */
  private void minutes(int count, Runnable happens) {
    for (int i = 0; i < count; i++) {
      happens.run();
      watch.look();
      clock.forward(Duration.ofMinutes(1));
      watch.look();
    }
  }

  private List<String> firing() {
    return board.firing().stream().map(FiringAlarm::alarm).map(Alarm::name).toList();
  }

  @Test
  void moreFailuresThanBefore_fireUntilItIsAsBefore() {
    minutes(30, () -> events(19, 1));
    assertThat(firing()).isEmpty();
    minutes(5, () -> events(10, 10));
    assertThat(firing()).containsExactly("BitacoraFailuresRising");
    Alarm alarm = board.firing().get(0).alarm();
    assertThat(alarm.labels()).isEqualTo(BILLING);
    assertThat(alarm.summary()).contains("billing (prd): 50 of 100 events are failures", "50 %");
    minutes(5, () -> events(19, 1));
    assertThat(firing()).isEmpty();
  }

  @Test
  void troubleThatLasts_firesOn_althoughThePastIsNoBetterByThen() {
    minutes(30, () -> events(20, 0));
    minutes(120, () -> events(10, 10));
    assertThat(firing()).containsExactly("BitacoraFailuresRising");
  }

  @Test
  void failuresAsOftenAsEver_areNoRise() {
    minutes(120, () -> events(12, 8));
    assertThat(firing()).isEmpty();
    minutes(5, () -> events(0, 20));
    assertThat(firing()).containsExactly("BitacoraFailuresRising");
  }

  @Test
  void aFewFailures_orNoPastToCompareWith_areNoRise() {
    minutes(30, () -> events(4, 0));
    minutes(5, () -> events(1, 3));
    assertThat(firing()).isEmpty();
    minutes(1, () -> events(0, 8));
    assertThat(firing()).containsExactly("BitacoraFailuresRising");
  }

  @Test
  void aComponentThatOnlyFailsFromTheBeginning_hasNoPast() {
    minutes(5, () -> events(0, 15));
    assertThat(firing()).isEmpty();
  }

  @Test
  void serverErrors_fireByThemselves_andClientErrorsDoNot() {
    minutes(30, () -> answers(50, 0));
    minutes(5, () -> answers(46, 4));
    assertThat(firing()).containsExactly("BitacoraServerErrorsRising");
    assertThat(board.firing().get(0).alarm().summary())
        .contains("20 of 250 requests were answered 5xx", "8 %");
    minutes(6, () -> answers(50, 0));
    assertThat(firing()).isEmpty();
  }

  @Test
  void redeliveries_areNoTraffic() {
    minutes(30, () -> events(20, 0));
    minutes(
        5,
        () -> {
          events(20, 0);
          for (int i = 0; i < 20; i++) {
            AuditEvent failed = TestStream.event("billing").outcome(Outcome.FAILURE).build();
            index(failed, clock.instant(), Settlement.DUPLICATE);
          }
        });
    assertThat(firing()).isEmpty();
  }

  @Test
  void steadyTrafficThatStops_firesAfterTenMinutes_untilThereIsSome() {
    minutes(70, () -> events(3, 0));
    minutes(9, () -> control(Actions.AGENT_HEARTBEAT));
    assertThat(firing()).isEmpty();
    minutes(1, () -> {});
    assertThat(firing()).containsExactly("BitacoraTrafficStopped");
    assertThat(board.firing().get(0).alarm().labels()).isEqualTo(BILLING);
    assertThat(board.firing().get(0).alarm().summary()).contains("since 2026-03-02T11:10:00Z");
    minutes(30, () -> {});
    assertThat(firing()).hasSize(1);
    minutes(1, () -> events(1, 0));
    assertThat(firing()).isEmpty();
  }

  @Test
  void componentThatEndedAsItShould_isNotMissed() {
    minutes(70, () -> events(3, 0));
    control(Actions.AGENT_STOP);
    minutes(30, () -> {});
    assertThat(firing()).isEmpty();
  }

  @Test
  void componentThatIsMissedForADay_isNotExpectedBack() {
    minutes(70, () -> events(3, 0));
    minutes(24 * 60 - 2, () -> {});
    assertThat(firing()).hasSize(1);
    minutes(4, () -> {});
    assertThat(firing()).isEmpty();
    assertThat(watch.watched()).isZero();
  }

  @Test
  void trafficThatIsRare_mayStop() {
    for (int i = 0; i < 30; i++) {
      minutes(1, () -> events(30, 0));
      minutes(3, () -> {});
    }
    minutes(30, () -> {});
    assertThat(firing()).isEmpty();
  }

  @Test
  void partitionThatWentToAnotherCollector_isNoSilence() {
    minutes(70, () -> events(3, 0));
    logs = Set.of();
    minutes(30, () -> {});
    assertThat(firing()).isEmpty();
  }

  @Test
  void partitionThatGoesWhileItsTrafficIsMissed_isNotMissedHere() {
    minutes(70, () -> events(3, 0));
    minutes(11, () -> {});
    assertThat(firing()).hasSize(1);
    logs = Set.of("bitacora.audit/1");
    minutes(5, () -> {});
    assertThat(firing()).isEmpty();
  }

  @Test
  void whileWeAreBehind_nothingIsJudged_andSilenceNotForAnHourAfter() {
    minutes(70, () -> events(3, 0));
    isCurrent = false;
    minutes(15, () -> {});
    isCurrent = true;
    minutes(2, () -> {});
    assertThat(firing()).isEmpty();
    minutes(65, () -> events(3, 0));
    minutes(11, () -> {});
    assertThat(firing()).containsExactly("BitacoraTrafficStopped");
  }

  @Test
  void eventsThatAreIndexedLate_countWhereTheyWereAppended() {
    minutes(70, () -> events(3, 0));
    Instant stopped = clock.instant();
    isCurrent = false;
    minutes(20, () -> {});
    for (int minute = 0; minute < 20; minute++) {
      AuditEvent late = TestStream.event("billing").outcome(Outcome.FAILURE).build();
      for (int i = 0; i < 5; i++) {
        index(late, stopped.plus(Duration.ofMinutes(minute)), Settlement.INDEXED);
      }
    }
    isCurrent = true;
    watch.look();
    assertThat(board.firing().get(0).alarm().summary()).contains("25 of 25");
  }

  @Test
  void clockOfABrokerThatIsAhead_doesNotHideWhatFollows() {
    AuditEvent event = TestStream.event("billing").outcome(Outcome.SUCCESS).build();
    index(event, clock.instant().plus(Duration.ofDays(365)), Settlement.INDEXED);
    minutes(30, () -> events(20, 0));
    minutes(5, () -> events(0, 20));
    assertThat(firing()).containsExactly("BitacoraFailuresRising");
  }

  @Test
  void moreComponentsThanCanBeWatched_areLeftOut() {
    for (int i = 0; i < TrafficWatch.MOST_COMPONENTS + 50; i++) {
      index(TestStream.event("c" + i).outcome(Outcome.SUCCESS).build());
    }
    assertThat(watch.watched()).isEqualTo(TrafficWatch.MOST_COMPONENTS);
  }
}
