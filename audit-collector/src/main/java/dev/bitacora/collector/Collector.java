package dev.bitacora.collector;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Balance;
import dev.bitacora.collector.accounting.Lag;
import dev.bitacora.collector.alarm.FiringAlarm;
import dev.bitacora.collector.deadletter.DeadLetterWatch;
import dev.bitacora.collector.deadletter.DeadLetters;
import dev.bitacora.collector.health.Health;
import dev.bitacora.collector.http.CollectorServer;
import dev.bitacora.collector.http.IntakeHandler;
import dev.bitacora.collector.http.OperationsRoutes;
import dev.bitacora.collector.http.ServerSettings;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.intake.IntakeService;
import dev.bitacora.collector.intake.SenderAuthenticator;
import dev.bitacora.collector.kafka.IndexerSettings;
import dev.bitacora.collector.kafka.KafkaConnection;
import dev.bitacora.collector.kafka.KafkaDeadLetters;
import dev.bitacora.collector.kafka.KafkaIndexer;
import dev.bitacora.collector.kafka.KafkaIntakeLog;
import dev.bitacora.collector.metrics.CollectorMetrics;
import dev.bitacora.collector.retention.RetentionKeeper;
import dev.bitacora.collector.streams.StreamWatch;
import dev.bitacora.collector.streams.WatchSettings;
import dev.bitacora.store.AuditStore;
import dev.bitacora.store.DeadLetterIndex;
import dev.bitacora.store.Retention;
import dev.bitacora.store.state.StateStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The collector of the distributed service: an intake that writes to Kafka, an indexer from Kafka
 * to the store, retention, and a web server. Any number of them may run. Safe for any thread
 * between {@link #start} and {@link #close}. The store belongs to the caller, who starts it before
 * and closes it after.
 */
public final class Collector implements AutoCloseable {
  private final Accounts accounts = new Accounts();
  private final DeadLetters deadLetters;
  private final Delivery delivery;
  private final DeadLetterWatch deadLetterWatch;
  private final KafkaIntakeLog intakeLog;
  private final IntakeService intake;
  private final StreamWatch streams;
  private final KafkaIndexer indexer;
  private final AlarmCenter alarms;
  private final RetentionKeeper keeper;
  private final CollectorServer server;

  /**
   * Assembles it.
   *
   * @param store started already
   * @param retention the store's
   * @param state shared by all processes of the service, where holds are
   * @param deadLetterIndex started already; where the store is a server's, its users look there
   * @param alarmSettings who hears of alarms
   * @param version of this program
   */
  public Collector(
      KafkaConnection kafka,
      IndexerSettings settings,
      ServerSettings listen,
      AuditStore store,
      Retention retention,
      StateStore state,
      Optional<DeadLetterIndex> deadLetterIndex,
      SenderAuthenticator authenticator,
      AlarmSettings alarmSettings,
      String version) {
    Clock clock = Clock.systemUTC();
    deadLetters = new KafkaDeadLetters(kafka);
    alarms =
        new AlarmCenter(
            alarmSettings.withCertificates(kafka.certificates()),
            accounts,
            this::lags,
            this::indexes,
            clock);
    CollectorMetrics metrics =
        new CollectorMetrics(accounts, this::lags, alarms.board(), alarms.webhooks(), version);
    streams =
        new StreamWatch(
            store, deadLetters, alarms.board(), clock, this::isConnected, WatchSettings.DEFAULT);
    metrics.inFlightLimit(settings.maxInFlightBytes());
    metrics.watch(streams::counts);
    deadLetterWatch =
        new DeadLetterWatch(deadLetters, new StoredEvents(store)::has, deadLetterIndex, clock);
    metrics.deadLetters(deadLetterWatch::open);
    delivery =
        new Delivery(store, retention, deadLetters, metrics, clock, streams, alarms.traffic());
    indexer = new KafkaIndexer(kafka, settings, delivery, accounts, clock, streams);
    intakeLog = new KafkaIntakeLog(kafka);
    intake =
        new IntakeService(intakeLog, deadLetters, accounts, new StoredEvents(store)::find, clock);
    keeper = new RetentionKeeper(store, retention, state, intake::appendOwn, alarms.board(), clock);
    metrics.retention(keeper::deletedPeriods, keeper::heldPeriods);
    Health health = new Health();
    health.live("indexer", indexer::alive);
    health.live("streams", streams::alive);
    health.ready("kafka", indexer::condition);
    health.ready("store", () -> EmbeddedCollector.condition(store.check()));
    health.ready("delivery", delivery::condition);
    health.live("retention", keeper::alive);
    health.ready("retention", keeper::condition);
    alarms.report(health);
    server =
        new CollectorServer(
            listen,
            new IntakeHandler(intake, authenticator),
            new OperationsRoutes(health, metrics::scrape));
  }

  /**
   * Listens and begins to index; trouble with Kafka or the store shows in its health.
   *
   * @throws IllegalStateException when the port is taken
   */
  public void start() {
    server.start();
    indexer.start();
    streams.start();
    alarms.start(intake);
    deadLetterWatch.start();
    keeper.start();
  }

  /** The web server's port. */
  public int port() {
    return server.port();
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

  private boolean isConnected() {
    return indexer.condition().up();
  }

  private Map<String, Lag> lags() {
    return indexer.lags();
  }

  private boolean indexes() {
    return indexer.condition().up() && delivery.condition().up();
  }

  /** Stops reading, gives what is in flight its time, commits. Idempotent. */
  @Override
  public void close() {
    server.close();
    keeper.close();
    deadLetterWatch.close();
    streams.close();
    alarms.close();
    intake.close();
    indexer.close();
    intakeLog.close();
    deadLetters.close();
  }
}
