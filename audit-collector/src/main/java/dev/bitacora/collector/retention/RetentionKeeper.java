package dev.bitacora.collector.retention;

import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.Alarms;
import dev.bitacora.collector.alarm.Severity;
import dev.bitacora.collector.health.Condition;
import dev.bitacora.collector.intake.IntakeUnavailableException;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Placement;
import dev.bitacora.store.Retention;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.state.StateStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs retention in a thread of its own: soon after the start, then every hour, and every five
 * minutes while there is trouble. Any number of collectors may have one; a lease in the shared
 * state lets one at a time delete. It also records the beginning and the end of holds, within
 * seconds.
 *
 * <p>Indexing never waits for it, except for the moment in which the embedded store takes a period
 * away. Trouble never ends it; it shows in {@link #condition} and, after two days without a round
 * that ended well, as an alarm. {@link #close} lets the deletion of one part end and is idempotent.
 * Safe for any thread.
 */
public final class RetentionKeeper implements AutoCloseable {
  /** No round has ended well for two days. */
  public static final String OVERDUE = "BitacoraRetentionOverdue";

  /** A hold cannot be read and keeps everything. */
  public static final String UNREADABLE_HOLD = "BitacoraHoldUnreadable";

  static final Duration EVERY = Duration.ofHours(1);
  static final Duration AFTER_TROUBLE = Duration.ofMinutes(5);
  static final Duration ALARM_AFTER = Duration.ofDays(2);

  private static final Logger LOG = LoggerFactory.getLogger(RetentionKeeper.class);
  private static final Duration LOOK_FOR_HOLDS_EVERY = Duration.ofSeconds(5);
  private static final Duration END_WITHIN = Duration.ofSeconds(5);

  private final AuditStore store;
  private final Retention retention;
  private final RetentionState state;
  private final Holds holds;
  private final Lease lease;
  private final RetentionEvents events;
  private final Alarms alarms;
  private final Clock clock;
  private final AtomicLong deletedPeriods = new AtomicLong();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "retention");

  private volatile long heldPeriods;
  private volatile String standing = "no round yet";

  // Only the thread, or a test in its place.
  private final Set<String> alarmedHolds = new HashSet<>();
  private Instant nextRound;
  private Instant lastSuccess;
  private String trouble = "";

  /**
   * Prepares it; {@link #start} starts it.
   *
   * @param store started already, the caller's
   * @param retention the store's
   * @param state shared by all collectors of the service
   */
  public RetentionKeeper(
      AuditStore store,
      Retention retention,
      StateStore state,
      OwnEvents events,
      Alarms alarms,
      Clock clock) {
    this.store = store;
    this.retention = retention;
    this.state = new RetentionState(state);
    this.holds = new Holds(state, clock);
    this.lease = new Lease(state, clock, UUID.randomUUID().toString());
    this.events = new RetentionEvents(events);
    this.alarms = alarms;
    this.clock = clock;
    this.nextRound = clock.instant();
    this.lastSuccess = nextRound;
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** Whether its thread runs. */
  public Condition alive() {
    return thread.isAlive()
        ? Condition.up("runs")
        : Condition.down("its thread is not running; restart the collector");
  }

  /**
   * How it stands. Never down: a collector whose retention fails takes events as well as any other,
   * so nobody should send them elsewhere.
   */
  public Condition condition() {
    return Condition.up(standing);
  }

  /** How many periods this process has deleted. */
  public long deletedPeriods() {
    return deletedPeriods.get();
  }

  /** How many expired periods holds keep, as of the last round of any collector. */
  public long heldPeriods() {
    return heldPeriods;
  }

  private void run() {
    while (!stopsWithin(LOOK_FOR_HOLDS_EVERY)) {
      doWork();
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private boolean stopsWithin(Duration time) {
    try {
      return stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** What is due now. */
  void doWork() {
    try {
      recordHolds();
      if (!clock.instant().isBefore(nextRound)) {
        round();
      }
    } catch (IntakeUnavailableException | RuntimeException e) {
      failed(e);
    }
    alarmWhenOverdue();
  }

  /** Any collector may: the same event is kept once. */
  private void recordHolds() throws IntakeUnavailableException {
    for (Hold hold : holds.toRecord()) {
      if (!hold.isRecorded()) {
        events.holdPlaced(hold);
      }
      if (hold.isInForce()) {
        holds.recorded(hold);
      } else {
        events.holdReleased(hold);
        holds.forget(hold);
      }
    }
  }

  private void round() throws IntakeUnavailableException {
    nextRound = clock.instant().plus(AFTER_TROUBLE); // unless it ends well
    state.succeeded().ifPresent(at -> lastSuccess = at);
    if (!lease.acquire()) {
      anotherKeepsIt();
      return;
    }
    long deletedBefore = deletedPeriods.get();
    try {
      heldPeriods =
          new RetentionRound(
                  store,
                  retention,
                  state,
                  holds,
                  lease,
                  events,
                  clock,
                  () -> !isStopping(),
                  deletedPeriods::incrementAndGet)
              .run();
      succeeded(deletedPeriods.get() - deletedBefore);
    } catch (UnreadableHoldException e) {
      alarmedHolds.add(e.hold());
      alarms.fire(
          new Alarm(UNREADABLE_HOLD, Severity.CRITICAL, Map.of("hold", e.hold()), e.getMessage()));
      failed(e);
    } catch (RetentionRound.EndedException e) {
      standing = "the last round was not finished: " + e.getMessage();
    } finally {
      lease.release();
    }
  }

  private void succeeded(long deleted) {
    Instant now = clock.instant();
    state.saveSuccess(now);
    lastSuccess = now;
    nextRound = now.plus(EVERY);
    if (!trouble.isEmpty()) {
      LOG.info("Retention: works again");
      trouble = "";
    }
    alarmedHolds.forEach(hold -> alarms.resolve(UNREADABLE_HOLD, Map.of("hold", hold)));
    alarmedHolds.clear();
    standing =
        "last round at "
            + now
            + ": "
            + deleted
            + " periods deleted, "
            + heldPeriods
            + " kept by holds";
  }

  private void anotherKeepsIt() {
    heldPeriods =
        state.kept().stream()
            .map(Kept::part)
            .filter(part -> !part.startsWith(Placement.UNPLACED))
            .distinct()
            .count();
    standing = "another collector deletes at the moment; a round last ended well at " + lastSuccess;
  }

  private void failed(Exception e) {
    Instant soon = clock.instant().plus(AFTER_TROUBLE);
    nextRound = soon.isBefore(nextRound) ? soon : nextRound;
    String reason =
        e instanceof StoreException
                || e instanceof IntakeUnavailableException
                || e instanceof UnreadableHoldException
            ? e.getMessage()
            : e.toString();
    standing =
        "trouble, so nothing more is deleted and it is tried again within "
            + AFTER_TROUBLE.toMinutes()
            + " minutes: "
            + reason;
    if (trouble.isEmpty()) {
      LOG.error("Retention: {}", standing);
    }
    trouble = reason;
  }

  private void alarmWhenOverdue() {
    Duration since = Duration.between(lastSuccess, clock.instant());
    if (since.compareTo(ALARM_AFTER) < 0) {
      alarms.resolve(OVERDUE, Map.of());
    } else {
      alarms.fire(
          new Alarm(
              OVERDUE,
              Severity.WARNING,
              Map.of(),
              "What has expired is not deleted: no round of retention has ended well since "
                  + lastSuccess
                  + ". "
                  + standing));
    }
  }

  /** Lets the part that is being deleted end, and gives the lease back. */
  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join(END_WITHIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.warn(
          "Retention: did not end within {} s; what it began is finished by the next start",
          END_WITHIN.toSeconds());
    }
  }
}
