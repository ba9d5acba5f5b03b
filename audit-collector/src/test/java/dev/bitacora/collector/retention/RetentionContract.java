package dev.bitacora.collector.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Measurements;
import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.Alarms;
import dev.bitacora.collector.deadletter.DeadLetterFiles;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.intake.IntakeService;
import dev.bitacora.collector.intake.IntakeUnavailableException;
import dev.bitacora.collector.intake.StoreIntakeLog;
import dev.bitacora.collector.support.SabotagedStore;
import dev.bitacora.collector.support.TestClock;
import dev.bitacora.collector.support.TestStream;
import dev.bitacora.core.chain.StreamPosition;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.query.Query;
import dev.bitacora.core.query.QuerySyntaxException;
import dev.bitacora.store.AgentIdStatus;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Family;
import dev.bitacora.store.LogPosition;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Period;
import dev.bitacora.store.Retention;
import dev.bitacora.store.Selection;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.state.StateStore;
import dev.bitacora.store.state.StateStore.Entry;
import dev.bitacora.store.state.StateStore.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What retention does, whatever the store; the clock stands until it is moved. */
abstract class RetentionContract {
  /** 400 days before it is the 11th of October 2025, 30 days before it the 16th of October. */
  private static final Instant NOW = Instant.parse("2026-11-15T10:15:30.123Z");

  private static final Period AUGUST = new Period(Family.EVENTS, "audit-events-2025.08");
  private static final Period SEPTEMBER = new Period(Family.EVENTS, "audit-events-2025.09");
  private static final Period OCTOBER = new Period(Family.EVENTS, "audit-events-2025.10");
  private static final Period THIS_MONTH = new Period(Family.EVENTS, "audit-events-2026.11");

  @TempDir Path folder;

  private final TestClock clock = new TestClock(NOW);
  private final RememberedAlarms alarms = new RememberedAlarms();
  private final TestStream stream = new TestStream();
  private SabotagedStore store;
  private StateStore state;
  private Holds holds;
  private IntakeService intake;
  private RetentionKeeper keeper;
  private long offset;

  /** A started store without events, with {@link Retention#DEFAULT}. */
  protected abstract AuditStore openStore() throws Exception;

  /** An empty state. */
  protected abstract StateStore openState() throws Exception;

  /** Makes everything that was written searchable. */
  protected abstract void refresh() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = new SabotagedStore(openStore());
    state = openState();
    holds = new Holds(state, clock);
    DeadLetterFiles letters = new DeadLetterFiles(folder.resolve("dlq"));
    letters.start();
    Accounts accounts = new Accounts();
    Delivery delivery = new Delivery(store, Retention.DEFAULT, letters, Measurements.NONE, clock);
    intake =
        new IntakeService(
            new StoreIntakeLog(delivery, accounts, Map.of(), clock),
            letters,
            accounts,
            position -> Optional.empty(),
            clock);
    keeper = newKeeper();
  }

  /** As another collector, or this one after a restart. */
  private RetentionKeeper newKeeper() {
    return newKeeper(intake::appendOwn);
  }

  private RetentionKeeper newKeeper(OwnEvents events) {
    return new RetentionKeeper(store, Retention.DEFAULT, state, events, alarms, clock);
  }

  // ---- Deleting

  @Test
  void whatHasExpired_isDeleted_andWhatIsYoungerStays() throws Exception {
    keepEvents();
    keepLine("2026-10-15T23:59:59Z");
    keepLine("2026-10-16T00:00:00Z");

    keeper.doWork();

    assertThat(store.periods(Family.EVENTS)).containsExactly(OCTOBER, THIS_MONTH);
    assertThat(store.periods(Family.LOGS))
        .containsExactly(new Period(Family.LOGS, "audit-logs-2026.10.16"));
    assertThat(keeper.deletedPeriods()).isEqualTo(3);
    assertThat(keeper.condition().reason()).contains("3 periods deleted, 0 kept");
    assertThat(alarms.firing).isEmpty();
  }

  @Test
  void whatWasDeleted_isRecordedAsAnAuditEvent() throws Exception {
    keepEvents();

    keeper.doWork();

    List<AuditEvent> recorded = recorded(RetentionEvents.DELETE);
    assertThat(recorded).hasSize(2);
    AuditEvent august = recorded.get(0);
    assertThat(august.text("audit.target.id")).contains(AUGUST.index());
    assertThat(august.text("event.outcome")).contains("success");
    assertThat(august.text("user.id")).contains("system");
    assertThat(august.text("audit.class")).contains("mandatory");
    assertThat(august.timestamp()).isEqualTo(NOW);
    assertThat(august.value("audit.details.documents")).contains(2L);
    assertThat(august.value("audit.details.retention_days")).contains(400L);
    assertThat(august.text("audit.details.limit")).contains("2025-10-11T10:15:30.123Z");
    assertThat(august.text("audit.details.from")).contains("2025-08-01T00:00:00Z");
    assertThat(august.text("audit.details.to")).contains("2025-09-01T00:00:00Z");
    assertThat(august.text("audit.details.family")).contains("audit-events");
    assertThat(august.text("message"))
        .contains(
            "Retention deleted audit-events-2025.08 whole, 2025-08-01 to 2025-08-31:"
                + " 2 events older than 400 days");
    assertThat(recorded.get(1).text("audit.target.id")).contains(SEPTEMBER.index());
    assertThat(state.list(Kind.RETENTION)).extracting(Entry::key).containsExactly("succeeded");
  }

  @Test
  void aPeriod_goesWhenItsLastMomentHasExpired_andNotBefore() throws Exception {
    keepEvents();
    Instant end = OCTOBER.range().to().plus(Retention.DEFAULT.events());
    clock.set(end.minusMillis(1));
    keeper.doWork();
    assertThat(store.periods(Family.EVENTS)).contains(OCTOBER);

    clock.set(end);
    keeper.doWork();
    assertThat(store.periods(Family.EVENTS)).as("an hour has not passed").contains(OCTOBER);

    clock.forward(RetentionKeeper.EVERY);
    keeper.doWork();
    assertThat(store.periods(Family.EVENTS)).doesNotContain(OCTOBER);
  }

  @Test
  void whatComesAgainWithItsOldAppendTime_isDeletedAgain_andRecordedAgain() throws Exception {
    keepEvents();
    keeper.doWork();
    keep(event("2025-08-20T00:00:00Z", "alice"));
    assertThat(store.periods(Family.EVENTS)).contains(AUGUST);

    clock.forward(RetentionKeeper.EVERY);
    keeper.doWork();

    assertThat(store.periods(Family.EVENTS)).doesNotContain(AUGUST);
    assertThat(recorded(RetentionEvents.DELETE)).hasSize(3);
  }

  @Test
  void whatIsSentAgainAfterItExpired_doesNotMakeItsPeriodAnew() throws Exception {
    keepEvents();
    keeper.doWork();
    AuditEvent old = event("2025-08-20T00:00:00Z", "alice").event();
    assertThat(
            store.write(
                List.of(
                    new NewEvent(
                        stream.next(old).position(),
                        old,
                        clock.instant(),
                        position(),
                        AgentIdStatus.VERIFIED))))
        .containsExactly(WriteResult.INDEXED);

    assertThat(store.periods(Family.EVENTS)).containsExactly(OCTOBER, THIS_MONTH);
    clock.forward(RetentionKeeper.EVERY);
    keeper.doWork();
    assertThat(count("@timestamp >= 2026-11-15 and actor:alice")).isEqualTo(2);
  }

  @Test
  void unplacedEvents_goByTheirAppendTime_andAreRecordedByTheDay() throws Exception {
    keepUnplaced("2025-10-10T23:59:59Z", "alice");
    keepUnplaced("2025-10-10T12:00:00Z", "bob");
    keepUnplaced("2025-10-11T00:00:00Z", "alice");
    holds.place("actor:bob", "case 7", "ana");

    keeper.doWork();

    assertThat(count("audit.time_status:implausible")).isEqualTo(2);
    AuditEvent deleted = only(recorded(RetentionEvents.DELETE));
    assertThat(deleted.text("audit.target.id")).contains("audit-events-unplaced/events");
    assertThat(deleted.value("audit.details.documents")).contains(1L);
    assertThat(deleted.text("audit.details.limit")).contains("2025-10-11T00:00:00Z");
    AuditEvent kept = only(recorded(RetentionEvents.KEEP));
    assertThat(kept.text("audit.target.id")).contains("audit-events-unplaced/events");
    assertThat(kept.value("audit.details.matches")).contains(1L);
    clock.forward(RetentionKeeper.EVERY);
    keeper.doWork();
    assertThat(recorded(RetentionEvents.DELETE)).hasSize(1);
    assertThat(recorded(RetentionEvents.KEEP)).hasSize(1);
    assertThat(keeper.heldPeriods()).isZero();
  }

  // ---- Holds

  @Test
  void aHold_keepsThePeriodsWithAMatchWhole_andNoOthers() throws Exception {
    keepEvents();
    Hold hold = holds.place("actor:bob", "case 7", "ana");

    keeper.doWork();

    assertThat(store.periods(Family.EVENTS)).containsExactly(AUGUST, OCTOBER, THIS_MONTH);
    assertThat(store.count(AUGUST, Query.ALL)).isEqualTo(2);
    assertThat(keeper.heldPeriods()).isEqualTo(1);
    assertThat(holds.keptBy(hold.id())).containsExactly(AUGUST.index());
    AuditEvent kept = only(recorded(RetentionEvents.KEEP));
    assertThat(kept.text("audit.target.id")).contains(AUGUST.index());
    assertThat(kept.text("audit.details.hold")).contains(hold.id());
    assertThat(kept.value("audit.details.matches")).contains(1L);
    assertThat(kept.text("message").orElseThrow()).contains("case 7");
  }

  @Test
  void whatAHoldKeeps_isRecordedOnce_notEveryHour() throws Exception {
    keepEvents();
    holds.place("actor:bob", "case 7", "ana");
    for (int hour = 0; hour < 3; hour++) {
      keeper.doWork();
      clock.forward(RetentionKeeper.EVERY);
    }
    newKeeper().doWork();
    assertThat(recorded(RetentionEvents.KEEP)).hasSize(1);

    holds.place("actor:bob", "case 8", "ana");
    clock.forward(RetentionKeeper.EVERY);
    keeper.doWork();
    assertThat(recorded(RetentionEvents.KEEP)).hasSize(2);
    assertThat(keeper.heldPeriods()).isEqualTo(1);
  }

  @Test
  void aReleasedHold_letsGoWhatItKept() throws Exception {
    keepEvents();
    Hold hold = holds.place("actor:bob", "case 7", "ana");
    keeper.doWork();

    assertThat(holds.release(hold.id(), "settled", "ben")).isPresent();
    clock.forward(RetentionKeeper.EVERY);
    keeper.doWork();

    assertThat(store.periods(Family.EVENTS)).containsExactly(OCTOBER, THIS_MONTH);
    assertThat(keeper.heldPeriods()).isZero();
    assertThat(holds.inForce()).isEmpty();
    assertThat(state.list(Kind.HOLD)).isEmpty();
    assertThat(state.list(Kind.RETENTION)).extracting(Entry::key).containsExactly("succeeded");
  }

  @Test
  void beginningAndEndOfAHold_areAuditEvents_withWhoAndWhen() throws Exception {
    Hold hold = holds.place("actor:bob", "case 7", "ana");
    clock.forward(Duration.ofSeconds(3));
    keeper.doWork();
    newKeeper().doWork();
    AuditEvent created = only(recorded(RetentionEvents.HOLD_CREATE));
    assertThat(created.text("user.id")).contains("ana");
    assertThat(created.timestamp()).isEqualTo(NOW);
    assertThat(created.text("audit.target.id")).contains(hold.id());
    assertThat(created.text("audit.details.query")).contains("actor:bob");
    assertThat(created.text("audit.details.reason")).contains("case 7");

    assertThat(holds.release(hold.id(), "settled", "ben")).isPresent();
    assertThat(holds.release(hold.id(), "again", "ben")).isEmpty();
    keeper.doWork();
    newKeeper().doWork();
    AuditEvent released = only(recorded(RetentionEvents.HOLD_RELEASE));
    assertThat(released.text("user.id")).contains("ben");
    assertThat(released.timestamp()).isEqualTo(NOW.plusSeconds(3));
    assertThat(released.text("audit.details.placed_by")).contains("ana");
    assertThat(released.text("message")).contains("ben released hold " + hold.id() + ": settled");
  }

  @Test
  void aHoldThatNobodyHasRecordedBeforeItsRelease_isRecordedWithBoth() throws Exception {
    Hold hold = holds.place("actor:bob", "case 7", "ana");
    assertThat(holds.release(hold.id(), "", "ana")).isPresent();
    keeper.doWork();
    assertThat(recorded(RetentionEvents.HOLD_CREATE)).hasSize(1);
    assertThat(recorded(RetentionEvents.HOLD_RELEASE)).hasSize(1);
    assertThat(state.list(Kind.HOLD)).isEmpty();
  }

  @Test
  void aHoldPlacedWhileADeletionBegins_keepsThePeriod() throws Exception {
    keepEvents();
    // The events are counted after the holds were asked, and before they are read again.
    onFirstCount(() -> place("actor:bob"));

    keeper.doWork();

    assertThat(store.periods(Family.EVENTS)).contains(AUGUST).doesNotContain(SEPTEMBER);
    assertThat(holds.deletionsUnderWay()).isEmpty();
    assertThat(only(recorded(RetentionEvents.DELETE)).text("audit.target.id"))
        .contains(SEPTEMBER.index());
  }

  @Test
  void whoPlacesAHoldTooLate_isToldSo() throws Exception {
    keepEvents();
    AtomicReference<List<String>> underWay = new AtomicReference<>();
    store.beforeDeletion(
        period -> {
          if (period.equals(AUGUST)) {
            place("actor:bob");
            underWay.set(holds.deletionsUnderWay());
          }
        });

    keeper.doWork();

    assertThat(underWay.get()).containsExactly(AUGUST.index());
    assertThat(store.periods(Family.EVENTS)).doesNotContain(AUGUST);
  }

  @Test
  void aHoldThatCannotBeRead_keepsEverything_loudly_untilItIsReleased() throws Exception {
    keepEvents();
    keepUnplaced("2025-10-01T00:00:00Z", "alice");
    Hold hold = place("actor:nobody");
    Entry entry = state.get(Kind.HOLD, hold.id()).orElseThrow();
    String damaged = entry.value().replace("actor:nobody", "actor:((");
    assertThat(state.put(Kind.HOLD, hold.id(), damaged, entry.version())).isTrue();

    keeper.doWork();

    assertThat(store.periods(Family.EVENTS)).contains(AUGUST, SEPTEMBER);
    assertThat(count("audit.time_status:implausible")).isEqualTo(1);
    assertThat(keeper.condition().reason())
        .contains("hold " + hold.id() + " cannot be read")
        .contains("bitacora hold release " + hold.id());
    assertThat(alarms.firing)
        .containsKey(RetentionKeeper.UNREADABLE_HOLD + Map.of("hold", hold.id()));

    assertThat(holds.release(hold.id(), "", "ana")).isPresent();
    clock.forward(RetentionKeeper.AFTER_TROUBLE);
    keeper.doWork();
    assertThat(store.periods(Family.EVENTS)).containsExactly(OCTOBER, THIS_MONTH);
    assertThat(alarms.firing).isEmpty();
  }

  @Test
  void aHoldWhoseEntryIsDamaged_isListed_keepsEverything_andCanBeReleased() throws Exception {
    keepEvents();
    state.put(Kind.HOLD, "h1", "{\"query\":7", StateStore.ABSENT);

    keeper.doWork();

    assertThat(store.periods(Family.EVENTS)).contains(AUGUST, SEPTEMBER);
    assertThat(holds.inForce()).extracting(Hold::id).containsExactly("h1");
    assertThat(holds.release("h1", "damaged", "ana")).isPresent();
    clock.forward(RetentionKeeper.AFTER_TROUBLE);
    keeper.doWork();
    assertThat(store.periods(Family.EVENTS)).doesNotContain(AUGUST, SEPTEMBER);
    assertThat(recorded(RetentionEvents.HOLD_RELEASE)).hasSize(1);
  }

  @Test
  void aHoldThatCannotBeAsked_keepsEverythingFromThereOn() throws Exception {
    keepEvents();
    place("actor:nobody");
    store.beforeCount(
        query -> {
          if (!query.equals(Query.ALL)) {
            throw new StoreException("the store answers only in part");
          }
        });

    keeper.doWork();

    assertThat(store.periods(Family.EVENTS)).contains(AUGUST, SEPTEMBER);
    assertThat(keeper.condition().reason()).contains("answers only in part");
    store.repair();
    keeper.doWork();
    assertThat(store.periods(Family.EVENTS)).as("five minutes have not passed").contains(AUGUST);
    clock.forward(RetentionKeeper.AFTER_TROUBLE);
    keeper.doWork();
    assertThat(store.periods(Family.EVENTS)).doesNotContain(AUGUST, SEPTEMBER);
  }

  @Test
  void aQueryThatCannotBeRead_isNoHold() {
    assertThatThrownBy(() -> holds.place("actor:((", "case 7", "ana"))
        .isInstanceOf(QuerySyntaxException.class);
    for (String blank : List.of("", "  ")) {
      assertThatThrownBy(() -> holds.place(blank, "case 7", "ana"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> holds.place("actor:bob", blank, "ana"))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(holds.inForce()).isEmpty();
  }

  // ---- Crashes

  @Test
  void aCrashBetweenDeletionAndRecord_hidesNothing() throws Exception {
    keepEvents();
    RetentionKeeper dying =
        newKeeper(
            (event, key) -> {
              throw new IntakeUnavailableException("it died here");
            });
    dying.doWork();
    assertThat(store.periods(Family.EVENTS)).doesNotContain(AUGUST).contains(SEPTEMBER);
    assertThat(recorded(RetentionEvents.DELETE)).isEmpty();
    assertThat(holds.deletionsUnderWay()).containsExactly(AUGUST.index());

    keeper.doWork();

    List<AuditEvent> recorded = recorded(RetentionEvents.DELETE);
    assertThat(recorded).hasSize(2);
    assertThat(recorded.get(0).text("audit.target.id")).contains(AUGUST.index());
    assertThat(recorded.get(0).value("audit.details.documents")).contains(2L);
    assertThat(holds.deletionsUnderWay()).isEmpty();
  }

  @Test
  void aDeletionWhoseAnswerWasLost_isRecordedOnce() throws Exception {
    keepEvents();
    store.afterDeletion(
        period -> {
          throw new StoreException("no answer in time");
        });
    keeper.doWork();
    assertThat(keeper.condition().reason()).contains("no answer in time");
    store.repair();

    clock.forward(RetentionKeeper.AFTER_TROUBLE);
    keeper.doWork();

    assertThat(recorded(RetentionEvents.DELETE)).hasSize(2);
    assertThat(keeper.deletedPeriods()).isEqualTo(2);
  }

  @Test
  void aCrashBeforeTheDeletion_isRepeated_andRecordedOnce() throws Exception {
    keepEvents();
    store.beforeDeletion(
        period -> {
          throw new StoreException("it died here");
        });
    keeper.doWork();
    assertThat(store.periods(Family.EVENTS)).contains(AUGUST);
    store.repair();

    clock.forward(RetentionKeeper.AFTER_TROUBLE);
    newKeeper().doWork();

    List<AuditEvent> recorded = recorded(RetentionEvents.DELETE);
    assertThat(recorded).hasSize(2);
    assertThat(recorded.get(0).value("audit.details.attempts")).contains(2L);
  }

  @Test
  void aCrashAfterTheRecord_recordsNothingTwice() throws Exception {
    keepEvents();
    List<Entry> begun = new ArrayList<>();
    RetentionKeeper dying =
        newKeeper(
            (event, key) -> {
              begun.addAll(
                  state.list(Kind.RETENTION).stream()
                      .filter(entry -> entry.key().startsWith("deletion/"))
                      .toList());
              intake.appendOwn(event, key);
            });
    dying.doWork();
    assertThat(begun).hasSize(2);
    // As if it had died before it could take them out of the state.
    begun.forEach(
        entry -> state.put(Kind.RETENTION, entry.key(), entry.value(), StateStore.ABSENT));

    newKeeper().doWork();

    assertThat(recorded(RetentionEvents.DELETE)).hasSize(2);
    assertThat(holds.deletionsUnderWay()).isEmpty();
  }

  @Test
  void aDeletionCutShort_ofWhatAHoldKeepsNow_isRecordedAsUnknown() throws Exception {
    keepEvents();
    store.beforeDeletion(
        period -> {
          throw new StoreException("it died here");
        });
    keeper.doWork();
    clock.forward(RetentionKeeper.AFTER_TROUBLE);
    keeper.doWork();
    store.repair();
    place("actor:bob");

    clock.forward(RetentionKeeper.AFTER_TROUBLE);
    keeper.doWork();

    assertThat(store.periods(Family.EVENTS)).contains(AUGUST);
    AuditEvent august = recorded(RetentionEvents.DELETE).get(0);
    assertThat(august.text("audit.target.id")).contains(AUGUST.index());
    assertThat(august.text("event.outcome")).contains("unknown");
    assertThat(august.text("message").orElseThrow()).contains("was cut short");
  }

  // ---- Several collectors

  @Test
  void ofTwoCollectors_oneDeletes() throws Exception {
    keepEvents();
    RetentionKeeper other = newKeeper();
    CountDownLatch deleting = new CountDownLatch(1);
    CountDownLatch otherIsDone = new CountDownLatch(1);
    store.beforeDeletion(
        period -> {
          deleting.countDown();
          awaitQuietly(otherIsDone);
        });
    CompletableFuture<Void> first = CompletableFuture.runAsync(keeper::doWork);
    awaitQuietly(deleting);
    other.doWork();
    assertThat(other.condition().reason()).contains("another collector");
    otherIsDone.countDown();
    first.get(60, TimeUnit.SECONDS);

    assertThat(keeper.deletedPeriods()).isEqualTo(2);
    assertThat(other.deletedPeriods()).isZero();
    clock.forward(RetentionKeeper.EVERY);
    other.doWork();
    assertThat(recorded(RetentionEvents.DELETE)).hasSize(2);
  }

  @Test
  void theLeaseOfACollectorThatDied_endsByItself() throws Exception {
    keepEvents();
    assertThat(new Lease(state, clock, "dead").acquire()).isTrue();
    keeper.doWork();
    assertThat(store.periods(Family.EVENTS)).contains(AUGUST);

    clock.forward(Lease.TIME);
    keeper.doWork();
    assertThat(store.periods(Family.EVENTS)).doesNotContain(AUGUST);
  }

  @Test
  void aCollectorThatLostItsLease_deletesNothingMore() throws Exception {
    keepEvents();
    store.afterDeletion(
        period -> {
          clock.forward(Lease.TIME);
          assertThat(new Lease(state, clock, "another").acquire()).isTrue();
        });

    keeper.doWork();

    assertThat(store.periods(Family.EVENTS)).doesNotContain(AUGUST).contains(SEPTEMBER);
    assertThat(keeper.condition().reason()).contains("another collector has taken over");
    assertThat(recorded(RetentionEvents.DELETE)).hasSize(1);
  }

  // ---- Trouble, and the thread

  @Test
  void twoDaysWithoutSuccess_areAnAlarm_alsoAfterARestart() throws Exception {
    keeper.doWork();
    store.beforeCount(
        query -> {
          throw new StoreException("the store is away");
        });
    keepEvents();
    clock.forward(RetentionKeeper.ALARM_AFTER.minusSeconds(1));
    keeper.doWork();
    assertThat(alarms.firing).isEmpty();

    clock.forward(RetentionKeeper.AFTER_TROUBLE);
    newKeeper().doWork();
    assertThat(alarms.firing).containsOnlyKeys(RetentionKeeper.OVERDUE + Map.of());
    assertThat(alarms.firing.values().iterator().next().summary())
        .contains(NOW.toString())
        .contains("the store is away");

    store.repair();
    keeper.doWork();
    assertThat(alarms.firing).isEmpty();
  }

  @Test
  void anIntakeThatTakesNothing_isTrouble_andNothingIsDeletedUnrecorded() throws Exception {
    keepEvents();
    place("actor:nobody");
    RetentionKeeper silenced =
        newKeeper(
            (event, key) -> {
              throw new IntakeUnavailableException("no broker");
            });
    silenced.doWork();
    assertThat(store.periods(Family.EVENTS)).contains(AUGUST, SEPTEMBER);
    assertThat(silenced.condition().reason()).contains("no broker");
    assertThat(silenced.condition().up()).isTrue();
  }

  @Test
  void theThread_deletesSoonAfterTheStart_andEndsWhenClosed() throws Exception {
    keepEvents();
    assertThat(keeper.alive().up()).isFalse();
    keeper.start();
    assertThat(keeper.alive().up()).isTrue();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> keeper.condition().reason().contains("2 periods deleted"));
    keeper.close();
    keeper.close();
    assertThat(keeper.alive().up()).isFalse();
    assertThat(state.list(Kind.RETENTION)).extracting(Entry::key).containsExactly("succeeded");
  }

  // ---- Helpers

  /** Two events of August, one of September and one of October 2025; one of today. */
  private void keepEvents() {
    keep(event("2025-08-01T00:00:00Z", "alice"));
    keep(event("2025-08-31T23:59:59Z", "bob"));
    keep(event("2025-09-15T12:00:00Z", "alice"));
    keep(event("2025-10-01T00:00:00Z", "alice"));
    keep(event("2026-11-15T10:00:00Z", "alice"));
  }

  private NewEvent event(String time, String actor) {
    return appendedThen(
        TestStream.event("billing").at(Instant.parse(time)).set("user.id", actor).build());
  }

  private void keepLine(String time) {
    keep(
        appendedThen(
            AuditEvent.builder(Dataset.LOG)
                .at(Instant.parse(time))
                .message("a line")
                .set("user.id", "system")
                .set("service.name", "billing")
                .set("service.environment", "prd")
                .build()));
  }

  private void keepUnplaced(String appended, String actor) {
    AuditEvent event =
        TestStream.event("billing")
            .at(Instant.parse("9999-01-01T00:00:00Z"))
            .set("user.id", actor)
            .build();
    keep(appended(event, Instant.parse(appended)));
  }

  private NewEvent appendedThen(AuditEvent event) {
    return appended(event, event.timestamp());
  }

  private NewEvent appended(AuditEvent event, Instant at) {
    StreamPosition place = stream.next(event).position();
    return new NewEvent(place, event, at, position(), AgentIdStatus.VERIFIED);
  }

  private LogPosition position() {
    return new LogPosition("test/0", offset++);
  }

  private void keep(NewEvent event) {
    // An index that was deleted a moment ago is made again by the second attempt.
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .until(() -> store.write(List.of(event)).get(0).status().isDone());
  }

  private Hold place(String query) {
    try {
      return holds.place(query, "case 7", "ana");
    } catch (QuerySyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void onFirstCount(Runnable action) {
    AtomicReference<Runnable> once = new AtomicReference<>(action);
    store.beforeCount(query -> Optional.ofNullable(once.getAndSet(null)).ifPresent(Runnable::run));
  }

  private long count(String query) throws Exception {
    refresh();
    return store.count(Selection.of(Query.parse(query)));
  }

  /** Events with this action, in the order of their targets' names. */
  private List<AuditEvent> recorded(String action) throws Exception {
    refresh();
    List<AuditEvent> events = new ArrayList<>();
    List<StoredEvent> stored = new ArrayList<>();
    store.stream(Selection.of(Query.parse("action:" + action)), stored::add);
    for (StoredEvent one : stored) {
      events.add(AuditEvent.parse(one.original()));
    }
    events.sort(
        java.util.Comparator.comparing(event -> event.text("audit.target.id").orElseThrow()));
    return events;
  }

  private static AuditEvent only(List<AuditEvent> events) {
    assertThat(events).hasSize(1);
    return events.get(0);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Alarms that fire, by name and labels. */
  private static final class RememberedAlarms implements Alarms {
    private final Map<String, Alarm> firing = new ConcurrentHashMap<>();

    @Override
    public void fire(Alarm alarm) {
      firing.put(alarm.name() + alarm.labels(), alarm);
    }

    @Override
    public void fireFor(Alarm alarm, Duration time) {
      fire(alarm);
    }

    @Override
    public void resolve(String name, Map<String, String> labels) {
      firing.remove(name + labels);
    }
  }
}
