package dev.bitacora.collector;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Balance;
import dev.bitacora.collector.alarm.FiringAlarm;
import dev.bitacora.collector.deadletter.DeadLetterFiles;
import dev.bitacora.collector.deadletter.DeadLetterWatch;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.deadletter.DeadLettersUnavailableException;
import dev.bitacora.collector.health.Condition;
import dev.bitacora.collector.health.Health;
import dev.bitacora.collector.http.IntakeHandler;
import dev.bitacora.collector.http.OperationsRoutes;
import dev.bitacora.collector.http.ReplayHandler;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.intake.IntakeService;
import dev.bitacora.collector.intake.Lane;
import dev.bitacora.collector.intake.SenderAuthenticator;
import dev.bitacora.collector.intake.StoreIntakeLog;
import dev.bitacora.collector.metrics.CollectorMetrics;
import dev.bitacora.collector.replay.DeadLetterReplay;
import dev.bitacora.collector.retention.RetentionKeeper;
import dev.bitacora.collector.streams.StreamWatch;
import dev.bitacora.collector.streams.WatchSettings;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Retention;
import dev.bitacora.store.StoreHealth;
import dev.bitacora.store.state.StateStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The collector inside the standalone service: an intake that writes to the store of the same
 * process, dead letters in files, health and metrics for the service's own web server. Safe for any
 * thread between {@link #start} and {@link #close}. The store belongs to the caller, who starts it
 * before and closes it after.
 */
public final class EmbeddedCollector implements AutoCloseable {
  private final DeadLetters deadLetters;
  private final DeadLetterWatch deadLetterWatch;
  private final Accounts accounts = new Accounts();
  private final AuditStore store;
  private final StreamWatch streams;
  private final Delivery delivery;
  private final Health health = new Health();
  private final IntakeService intake;
  private final ReplayHandler replayHandler;
  private final AlarmCenter alarms;
  private final RetentionKeeper keeper;
  private final IntakeHandler handler;
  private final OperationsRoutes operations;

  /**
   * Assembles it.
   *
   * @param store started already
   * @param retention the store's
   * @param lastOffsets each log's highest offset in the store
   * @param state the service's, where holds are
   * @param deadLetterFolder usually {@code <data>/dlq}
   * @param alarmSettings who hears of alarms
   * @param version of this program
   */
  public EmbeddedCollector(
      AuditStore store,
      Retention retention,
      Map<String, Long> lastOffsets,
      StateStore state,
      Path deadLetterFolder,
      SenderAuthenticator authenticator,
      AlarmSettings alarmSettings,
      String version) {
    this.store = store;
    Clock clock = Clock.systemUTC();
    deadLetters = new DeadLetterFiles(deadLetterFolder);
    alarms = new AlarmCenter(alarmSettings, accounts, Map::of, this::indexes, clock);
    CollectorMetrics metrics =
        new CollectorMetrics(accounts, Map::of, alarms.board(), alarms.webhooks(), version);
    streams =
        new StreamWatch(
            store, deadLetters, alarms.board(), clock, this::isOpen, WatchSettings.DEFAULT);
    metrics.watch(streams::counts);
    deadLetterWatch =
        new DeadLetterWatch(deadLetters, new StoredEvents(store)::has, Optional.empty(), clock);
    metrics.deadLetters(deadLetterWatch::open);
    delivery =
        new Delivery(store, retention, deadLetters, metrics, clock, streams, alarms.traffic());
    intake =
        new IntakeService(
            new StoreIntakeLog(delivery, accounts, lastOffsets, clock),
            deadLetters,
            accounts,
            new StoredEvents(store)::find,
            clock);
    replayHandler = new ReplayHandler(new DeadLetterReplay(deadLetters, delivery, intake, clock));
    keeper = new RetentionKeeper(store, retention, state, intake::appendOwn, alarms.board(), clock);
    metrics.retention(keeper::deletedPeriods, keeper::heldPeriods);
    handler = new IntakeHandler(intake, authenticator);
    operations = new OperationsRoutes(health, metrics::scrape);
    health.live("process", () -> Condition.up("runs"));
    health.live("streams", streams::alive);
    health.ready("store", () -> condition(store.check()));
    health.ready("delivery", delivery::condition);
    alarms.report(health);
  }

  private boolean indexes() {
    return delivery.condition().up();
  }

  /** Opens the dead letters; throws with a sentence that says what to do. */
  public void start() throws DeadLettersUnavailableException {
    deadLetters.start();
    for (Lane lane : Lane.values()) {
      streams.assignedInOrder(lane.embeddedLog());
    }
    streams.start();
    alarms.start(intake);
    deadLetterWatch.start();
  }

  /**
   * Begins to delete what has expired. Apart from {@link #start}, because whoever opens the data
   * for something else need not know for how long they are to be kept.
   */
  public void startRetention() {
    health.live("retention", keeper::alive);
    health.ready("retention", keeper::condition);
    keeper.start();
  }

  /** For senders in this process. */
  public IntakeService intake() {
    return intake;
  }

  /** For {@code POST} at {@link IntakeHandler#PATH}. */
  public IntakeHandler intakeHandler() {
    return handler;
  }

  /** For {@code POST} at {@link ReplayHandler#PATH}, behind a role. */
  public ReplayHandler replayHandler() {
    return replayHandler;
  }

  /** Health and metrics, to be installed. */
  public OperationsRoutes operations() {
    return operations;
  }

  public DeadLetters deadLetters() {
    return deadLetters;
  }

  /** What fires now, the oldest first. */
  public List<FiringAlarm> firing() {
    return alarms.board().firing();
  }

  /** What became of everything, now. */
  public Balance balance() {
    return accounts.balance();
  }

  /** Whether senders could write now. */
  private boolean isOpen() {
    return store.check().up() && delivery.condition().up();
  }

  /** Ends the intake's own streams. Idempotent. */
  @Override
  public void close() {
    deadLetterWatch.close();
    streams.close();
    keeper.close();
    alarms.close();
    intake.close();
    deadLetters.close();
  }

  static Condition condition(StoreHealth health) {
    return new Condition(health.up(), health.reason());
  }
}
