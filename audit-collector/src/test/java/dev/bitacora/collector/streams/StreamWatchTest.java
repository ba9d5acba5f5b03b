package dev.bitacora.collector.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.Severity;
import dev.bitacora.collector.deadletter.DeadLetter;
import dev.bitacora.collector.deadletter.DeadLetterFiles;
import dev.bitacora.collector.deadletter.DeadLetterReason;
import dev.bitacora.collector.deadletter.RawRecord;
import dev.bitacora.collector.index.PendingRecord;
import dev.bitacora.collector.index.Poison;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Retention;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.lucene.LuceneStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real store and real dead letters; the log and the time are the test's. */
final class StreamWatchTest {
  private static final String LOG = "bitacora.audit/0";
  private static final String OTHER_LOG = "bitacora.audit/1";
  private static final Instant BEGIN = Instant.parse("2026-11-15T10:00:00Z");

  @TempDir Path data;

  private final TestClock clock = new TestClock();
  private RecordedAlarms alarms = new RecordedAlarms();
  private LuceneStore store;
  private DeadLetterFiles deadLetters;
  private StreamWatch watch;
  private boolean isOpen = true;

  /** Stands still unless told. */
  private static final class TestClock extends Clock {
    private Instant now = BEGIN;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void open() throws Exception {
    store = new LuceneStore(data.resolve("index"), Retention.DEFAULT);
    store.start();
    deadLetters = new DeadLetterFiles(data.resolve("dlq"));
    deadLetters.start();
    watch = watch();
  }

  @AfterEach
  void close() {
    watch.close();
    deadLetters.close();
    store.close();
  }

  /** A watch whose logs have nothing to remember. */
  private StreamWatch watch() {
    StreamWatch made =
        new StreamWatch(store, deadLetters, alarms, clock, () -> isOpen, WatchSettings.DEFAULT);
    made.assigned(LOG);
    made.assigned(OTHER_LOG);
    return made;
  }

  private static Instant at(long seconds) {
    return BEGIN.plusSeconds(seconds);
  }

  private static AgentStream stream() {
    return new AgentStream(LOG, BEGIN);
  }

  /** The store has it, and whoever watches was told. */
  private void indexed(NewEvent... events) {
    storedUnseen(events);
    for (NewEvent event : events) {
      watch.settled(AgentStream.pending(event), Settlement.INDEXED);
    }
  }

  private void storedUnseen(NewEvent... events) {
    assertThat(store.write(List.of(events))).containsOnly(WriteResult.INDEXED);
  }

  /** The log has come so far. */
  private void logIsAt(long seconds) {
    watch.settledThrough(LOG, at(seconds), false);
    watch.settledThrough(OTHER_LOG, at(seconds), false);
    round();
  }

  /** The log comes so far, while somebody else writes into it every ten seconds. */
  private void logGoesOn(long from, long to) {
    for (long second = from; second <= to; second += 10) {
      logIsAt(second);
    }
  }

  /** Our own clock matters only for how often the store is asked. */
  private void round() {
    clock.now = clock.now.plusSeconds(61);
    watch.doWork();
  }

  private Alarm only() {
    assertThat(alarms.firing()).hasSize(1);
    return alarms.firing().get(0);
  }

  // ---- gaps

  @Test
  void aMissingNumber_isAnAlarmAfterSixtySecondsOfTheLogsTime() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.event(1, at(1)), stream.event(5, at(2)));
    logIsAt(2);
    logIsAt(59);
    assertThat(alarms.firing()).isEmpty();
    logIsAt(63);
    Alarm gap = only();
    assertThat(gap.name()).isEqualTo("BitacoraStreamGap");
    assertThat(gap.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(gap.labels())
        .containsEntry("service", "billing")
        .containsEntry("environment", "prd")
        .containsEntry("stream", stream.id().toString())
        .containsEntry("partition", LOG);
    assertThat(gap.summary()).contains("3 numbers, 2-4 of stream " + stream.id());
    assertThat(watch.counts()).isEqualTo(new StreamCounts(0, 0, 1, 1, 0));
  }

  @Test
  void ourOwnClock_doesNotMakeAGap() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.event(2, at(2)));
    logIsAt(2);
    for (int i = 0; i < 10; i++) {
      round();
    }
    assertThat(alarms.firing()).isEmpty();
  }

  @Test
  void atTheEndOfTheLog_ourOwnClockIsTheLogs() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.event(2, at(2)));
    watch.settledThrough(LOG, at(2), true);
    for (int i = 0; i < 29; i++) {
      round(); // each counts as two seconds at most: a process that stood still lost no time
    }
    assertThat(alarms.firing()).isEmpty();
    round();
    round();
    assertThat(alarms.names()).containsExactly("BitacoraStreamGap");
  }

  @Test
  void aLogInOrder_tellsTheTimeByItsRecords() {
    AgentStream stream = new AgentStream("bitacora.log/0", BEGIN);
    watch.assignedInOrder("bitacora.log/0");
    round();
    indexed(stream.start(at(1)), stream.event(2, at(2)));
    round();
    assertThat(alarms.everFired()).isEmpty();
    indexed(stream.event(3, at(63)));
    round();
    assertThat(only().summary()).contains("number 1 of");
  }

  @Test
  void missingRecords_thatArriveLate_endTheAlarmOneByOne() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.event(4, at(2)));
    logIsAt(70);
    assertThat(only().summary()).contains("3 numbers, 1-3 of");
    indexed(stream.event(2, at(71)));
    round();
    assertThat(only().summary()).contains("2 numbers, 1, 3 of");
    indexed(stream.event(1, at(72)), stream.event(3, at(73)));
    round();
    assertThat(alarms.firing()).isEmpty();
    assertThat(watch.counts().gaps()).isEqualTo(1);
    assertThat(watch.counts().openGaps()).isZero();
  }

  @Test
  void recordsThatAppearInTheStore_withoutPassingUs_endTheAlarm() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.event(2, at(2)));
    logIsAt(70);
    assertThat(alarms.names()).containsExactly("BitacoraStreamGap");
    storedUnseen(stream.event(1, at(2)));
    round();
    assertThat(alarms.firing()).isEmpty();
  }

  @Test
  void numbersThatAControlRecordStandsFor_areNotMissing() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(
        stream.start(at(1)),
        stream.dropped(1, 40, at(2)),
        stream.event(41, at(2)),
        stream.lost(42, 42, at(2)),
        stream.event(43, at(2)));
    logIsAt(2);
    logIsAt(100);
    assertThat(alarms.everFired()).isEmpty();
  }

  @Test
  void aControlRecord_thatExplainsAGapLate_endsTheAlarm() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.event(10, at(2)));
    logIsAt(70);
    assertThat(only().summary()).contains("9 numbers, 1-9 of");
    indexed(stream.lost(1, 9, at(71)));
    round();
    assertThat(alarms.firing()).isEmpty();
  }

  @Test
  void aControlRecord_thatNamesAnothersNumbers_explainsNothing() {
    AgentStream stream = stream();
    logIsAt(0);
    NewEvent lie = stream.dropped(1, 5, at(2));
    NewEvent moved =
        new NewEvent(
            stream.event(8, at(2)).position(),
            lie.event(),
            lie.ingested(),
            lie.log(),
            lie.agentIdStatus());
    indexed(stream.start(at(1)), moved);
    logIsAt(70);
    assertThat(only().summary()).contains("7 numbers, 1-7 of");
  }

  @Test
  void aStreamThatLacksItsBeginning_hasAGapThere() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.event(2, at(2)), stream.event(3, at(2)));
    logIsAt(70);
    assertThat(only().summary()).contains("2 numbers, 0-1 of");
  }

  @Test
  void redeliveries_andAnyOrder_areNoGap() {
    AgentStream stream = stream();
    logIsAt(0);
    NewEvent[] events = new NewEvent[300];
    for (int i = 0; i < events.length; i++) {
      events[i] = stream.event(i, at(2));
    }
    storedUnseen(events);
    for (int i = 0; i < events.length; i++) {
      NewEvent event = events[i * 7 % events.length];
      watch.settled(AgentStream.pending(event), Settlement.INDEXED);
      watch.settled(AgentStream.pending(event), Settlement.DUPLICATE);
    }
    logIsAt(2);
    logIsAt(100);
    assertThat(alarms.everFired()).isEmpty();
  }

  @Test
  void aDeadLetter_fillsItsPlace_whetherItPassedUsOrNot() throws Exception {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)));
    Poison why = new Poison(DeadLetterReason.MALFORMED_JSON, "no JSON");
    watch.settled(
        PendingRecord.poisoned(stream.noEvent(1), why, new AgentStream.NobodyWaits()),
        Settlement.DEADLETTERED);
    deadLetters.add(List.of(letter(stream.noEvent(2)), letter(stream().noEvent(3))));
    indexed(stream.event(3, at(3)));
    logIsAt(70);
    assertThat(alarms.everFired()).isEmpty();
  }

  private static DeadLetter letter(RawRecord record) {
    return new DeadLetter(record, DeadLetterReason.MALFORMED_JSON, "no JSON", 1, 0, BEGIN);
  }

  @Test
  void aStreamWithManyGaps_namesThemExactly_asFarAsItIsBounded() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)));
    for (int i = 2; i <= 60; i += 2) {
      indexed(stream.event(i, at(2)));
    }
    logIsAt(70);
    assertThat(only().summary()).contains("30 numbers, 1, 3, 5, ").contains(", 39 and 10 ranges");
    assertThat(watch.counts().openGaps()).isEqualTo(30);
  }

  @Test
  void aGap_thatNobodyFillsForADay_isGivenUp() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.event(2, at(2)));
    logIsAt(2);
    logIsAt(70);
    assertThat(alarms.names()).containsExactly("BitacoraStreamGap");
    logIsAt(Duration.ofDays(1).toSeconds() + 3);
    assertThat(alarms.firing()).isEmpty();
  }

  // ---- silence

  @Test
  void aLivingStream_thatSaysNothingForNinetySeconds_isSilentUntilItSpeaks() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.heartbeat(1, at(2)));
    logGoesOn(10, 80);
    assertThat(alarms.firing()).isEmpty();
    logGoesOn(90, 100);
    Alarm silent = only();
    assertThat(silent.name()).isEqualTo("BitacoraStreamSilent");
    assertThat(silent.severity()).isEqualTo(Severity.WARNING);
    assertThat(silent.summary()).contains("billing on ").contains("2026-11-15T10:00:02Z");
    assertThat(watch.counts()).isEqualTo(new StreamCounts(1, 1, 0, 0, 0));
    indexed(stream.event(2, at(101)));
    logGoesOn(110, 150);
    assertThat(alarms.firing()).isEmpty();
  }

  @Test
  void aStreamThatSaidThatItStops_isNotSilent() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.heartbeat(1, at(2)), stream.stop(2, at(3)));
    logGoesOn(10, 200);
    assertThat(alarms.everFired()).isEmpty();
    assertThat(watch.counts().live()).isZero();
  }

  @Test
  void aStreamThatIsSilent_andThenStops_isNotSilentAnyMore() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.heartbeat(1, at(2)));
    logGoesOn(10, 100);
    assertThat(alarms.names()).containsExactly("BitacoraStreamSilent");
    indexed(stream.stop(2, at(101)));
    round();
    assertThat(alarms.firing()).isEmpty();
  }

  @Test
  void aStreamWithoutSignsOfLife_isNeverSilent() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.event(1, at(2)));
    logGoesOn(10, 500);
    assertThat(alarms.everFired()).isEmpty();
  }

  @Test
  void anHourInWhichNobodyCouldWrite_makesNobodySilent() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.heartbeat(1, at(2)));
    logIsAt(3);
    isOpen = false;
    watch.settledThrough(LOG, at(3), true);
    for (int i = 0; i < 100; i++) {
      round();
    }
    isOpen = true;
    logIsAt(3600); // others are back first
    assertThat(alarms.everFired()).isEmpty();
    indexed(stream.heartbeat(2, at(3601)));
    logGoesOn(3601, 3680);
    assertThat(alarms.everFired()).isEmpty();
  }

  // ---- ends

  @Test
  void anUncleanEnd_isNotedWhenASuccessorInAnyLogSaysSo_andItsTailIsChecked() {
    AgentStream dead = stream();
    logIsAt(0);
    indexed(dead.start(at(1)), dead.heartbeat(1, at(2)), dead.event(2, at(3)));
    logGoesOn(10, 110);
    assertThat(alarms.names()).containsExactly("BitacoraStreamSilent");
    AgentStream successor = new AgentStream(OTHER_LOG, at(110));
    indexed(successor.start(at(111)), successor.ready(1, at(112), dead, 5, "unclean"));
    logGoesOn(112, 120);
    assertThat(alarms.firing()).isEmpty();
    assertThat(alarms.happened()).hasSize(1);
    Alarm unclean = alarms.happened().get(0);
    assertThat(unclean.name()).isEqualTo("BitacoraStreamUncleanEnd");
    assertThat(unclean.severity()).isEqualTo(Severity.WARNING);
    assertThat(unclean.labels()).containsEntry("stream", dead.id().toString());
    assertThat(watch.counts().uncleanEnds()).isEqualTo(1);
    indexed(dead.event(4, at(121)));
    indexed(successor.heartbeat(2, at(140)));
    logGoesOn(140, 200);
    assertThat(only().name()).isEqualTo("BitacoraStreamGap");
    assertThat(only().labels()).containsEntry("stream", dead.id().toString());
    assertThat(only().summary()).contains("2 numbers, 3, 5 of");
    assertThat(alarms.happened()).hasSize(1);
  }

  @Test
  void anUncleanEnd_thatASuccessorElsewhereTold_isFoundInTheStoreInsteadOfSilence() {
    AgentStream dead = stream();
    logIsAt(0);
    indexed(dead.start(at(1)), dead.heartbeat(1, at(2)));
    AgentStream successor = new AgentStream("bitacora.audit/9", at(20));
    storedUnseen(successor.start(at(21)), successor.ready(1, at(22), dead, 1, "unclean"));
    logGoesOn(10, 200);
    assertThat(alarms.everFired()).hasSize(1);
    assertThat(alarms.happened().get(0).name()).isEqualTo("BitacoraStreamUncleanEnd");
  }

  @Test
  void aPredecessorThatStopped_isNoMatter() {
    AgentStream before = stream();
    logIsAt(0);
    indexed(before.start(at(1)), before.heartbeat(1, at(2)), before.stop(2, at(3)));
    AgentStream successor = new AgentStream(OTHER_LOG, at(4));
    indexed(successor.start(at(5)), successor.ready(1, at(6), before, 2, "stop"));
    logIsAt(6);
    indexed(successor.stop(2, at(7)));
    logGoesOn(10, 200);
    assertThat(alarms.everFired()).isEmpty();
  }

  @Test
  void anotherComponentsWord_endsNobodysStream() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.heartbeat(1, at(2)));
    AgentStream liar = new AgentStream(OTHER_LOG, at(3), "payroll");
    indexed(liar.start(at(4)), liar.ready(1, at(4), stream, 500, "unclean"));
    indexed(liar.stop(2, at(5)));
    logGoesOn(10, 200);
    assertThat(alarms.names()).containsExactly("BitacoraStreamSilent");
  }

  @Test
  void aPredecessorOfWhichNothingEverArrived_isMissingAsAWhole() {
    AgentStream gone = stream();
    AgentStream successor = new AgentStream(OTHER_LOG, at(1));
    logIsAt(0);
    indexed(successor.start(at(1)), successor.ready(1, at(2), gone, 41, "unclean"));
    indexed(successor.stop(2, at(3)));
    logGoesOn(10, 600);
    assertThat(alarms.everFired()).isEmpty();
    logGoesOn(610, 700);
    assertThat(alarms.happened()).hasSize(1);
    assertThat(only().summary()).contains("42 numbers, 0-41 of stream " + gone.id());
  }

  // ---- clocks

  @Test
  void anAgentWhoseClockIsAhead_isAnAlarmUntilItIsRight() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.heartbeat(1, at(2), at(47)));
    logIsAt(2);
    Alarm skew = only();
    assertThat(skew.name()).isEqualTo("BitacoraClockSkew");
    assertThat(skew.labels()).containsEntry("service", "billing").containsEntry("host", "host-7");
    assertThat(skew.summary()).contains("45 s ahead of the log's");
    indexed(stream.heartbeat(2, at(32)));
    logIsAt(32);
    assertThat(alarms.firing()).isEmpty();
  }

  // ---- rebalancing

  @Test
  void aLogThatIsTakenOver_isRebuiltFromTheStore_andNothingAlarmsFalsely() {
    logIsAt(0);
    AgentStream whole = stream();
    AgentStream holed = stream();
    AgentStream stopped = stream();
    AgentStream dropping = stream();
    for (int i = 1; i <= 40; i++) {
      indexed(whole.event(i - 1, at(i)));
      indexed(stopped.event(i - 1, at(i)));
    }
    indexed(whole.heartbeat(40, at(41)), stopped.heartbeat(40, at(40)), stopped.stop(41, at(41)));
    indexed(holed.start(at(1)), holed.event(5, at(2)), holed.heartbeat(6, at(41)));
    indexed(dropping.start(at(1)), dropping.dropped(1, 700, at(2)), dropping.event(701, at(41)));
    watch.revoked(LOG);

    alarms = new RecordedAlarms();
    watch = watch();
    watch.doWork();
    indexed(whole.event(41, at(50)), dropping.event(702, at(50)));
    logIsAt(50);
    logIsAt(51);
    assertThat(alarms.everFired()).isEmpty();
    logIsAt(110);
    assertThat(only().labels()).containsEntry("stream", holed.id().toString());
    assertThat(only().summary()).contains("4 numbers, 1-4 of");
    assertThat(watch.counts().live()).isEqualTo(2);
    indexed(whole.event(42, at(111)));
    logGoesOn(111, 191);
    assertThat(alarms.names())
        .as("whole has spoken, holed has not since we came")
        .containsExactlyInAnyOrder("BitacoraStreamGap", "BitacoraStreamSilent");
  }

  @Test
  void aLogThatIsGivenAway_takesItsAlarmsWithIt() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.event(2, at(2)));
    logIsAt(70);
    assertThat(alarms.names()).containsExactly("BitacoraStreamGap");
    watch.revoked(LOG);
    round();
    assertThat(alarms.firing()).isEmpty();
    indexed(stream.event(5, at(80)));
    assertThat(watch.counts()).isEqualTo(new StreamCounts(0, 0, 0, 1, 0));
  }

  @Test
  void aStreamThatRunsForDays_isNotAskedForItsBeginning() {
    AgentStream old = new AgentStream(LOG, BEGIN.minus(Duration.ofDays(40)));
    storedUnseen(old.heartbeat(9_000_000, at(1)));
    watch = watch();
    round();
    indexed(old.event(9_000_001, at(2)), old.event(9_000_003, at(3)));
    logIsAt(3);
    logIsAt(70);
    assertThat(only().summary()).contains("number 9000002 of");
  }

  @Test
  void streamsThatAreOver_areForgotten() {
    AgentStream stream = stream();
    logIsAt(0);
    indexed(stream.start(at(1)), stream.ready(1, at(2)));
    logIsAt(3);
    assertThat(watch.counts().live()).isEqualTo(1);
    indexed(stream.stop(2, at(4)));
    logGoesOn(10, 4000);
    assertThat(watch.knows(stream.id())).isFalse();
  }
}
