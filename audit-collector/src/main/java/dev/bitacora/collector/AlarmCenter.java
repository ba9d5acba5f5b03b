package dev.bitacora.collector;

import dev.bitacora.collector.accounting.Accounts;
import dev.bitacora.collector.accounting.Lag;
import dev.bitacora.collector.alarm.AlarmBoard;
import dev.bitacora.collector.alarm.FiringAlarm;
import dev.bitacora.collector.health.Condition;
import dev.bitacora.collector.health.Health;
import dev.bitacora.collector.index.Observer;
import dev.bitacora.collector.intake.IntakeService;
import dev.bitacora.collector.watch.AccountsWatch;
import dev.bitacora.collector.watch.CertificateWatch;
import dev.bitacora.collector.watch.LagWatch;
import dev.bitacora.collector.watch.TrafficWatch;
import dev.bitacora.collector.watch.Watch;
import dev.bitacora.collector.webhook.Webhooks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything about alarms of one collector: the board, what is watched, and who is told. Its own
 * thread looks; nothing of it is ever waited for by whoever indexes. Safe for any thread; {@link
 * #close} is idempotent.
 */
final class AlarmCenter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlarmCenter.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration CURRENT = Duration.ofSeconds(30);

  private final Clock clock;
  private final Duration lookEvery;
  private final AlarmBoard board;
  private final Webhooks webhooks;
  private final TrafficWatch traffic;
  private final List<Watch> watches;
  private final Thread thread = new Thread(this::run, "bitacora-alarms");
  private AlarmTrail trail;
  private Instant nextLook = Instant.MIN;
  private volatile boolean running = true;

  /**
   * @param lags of the logs that are indexed here, by name
   * @param indexes whether what is appended is being indexed
   */
  AlarmCenter(
      AlarmSettings settings,
      Accounts accounts,
      Supplier<Map<String, Lag>> lags,
      BooleanSupplier indexes,
      Clock clock) {
    this.clock = clock;
    lookEvery = settings.lookEvery();
    board = new AlarmBoard(clock);
    webhooks = new Webhooks(settings.webhooks(), settings.tls(), settings.source(), board, clock);
    traffic =
        new TrafficWatch(
            () -> Set.copyOf(lags.get().keySet()),
            () -> indexes.getAsBoolean() && isCurrent(lags.get()),
            board,
            clock);
    watches =
        List.of(
            new AccountsWatch(accounts, board),
            new LagWatch(lags, board, clock),
            traffic,
            new CertificateWatch(settings.certificates(), settings.host(), board, clock));
    thread.setDaemon(true);
  }

  private static boolean isCurrent(Map<String, Lag> lags) {
    return lags.values().stream().allMatch(lag -> lag.age().compareTo(CURRENT) < 0);
  }

  /** Takes alarms of others, and says what fires. */
  AlarmBoard board() {
    return board;
  }

  Webhooks webhooks() {
    return webhooks;
  }

  /** Must see what is indexed. */
  Observer traffic() {
    return traffic;
  }

  /** Adds what is to be said of alarms. A webhook that fails makes nothing unready. */
  void report(Health health) {
    health.live("alarms", this::alive);
    health.ready("alarms", this::firing);
    health.ready("webhooks", webhooks::condition);
  }

  private Condition alive() {
    boolean all = thread.isAlive() && webhooks.alive() && (trail == null || trail.alive());
    return all
        ? Condition.up("is watching")
        : Condition.down("a thread of the alarms died; restart the collector");
  }

  /** Up whatever fires: events become durable all the same. */
  private Condition firing() {
    List<FiringAlarm> firing = board.firing();
    return Condition.up(
        firing.isEmpty()
            ? "nothing fires"
            : firing.size()
                + " alarms fire: "
                + firing.stream()
                    .map(alarm -> alarm.alarm().name())
                    .distinct()
                    .collect(Collectors.joining(", ")));
  }

  /**
   * Begins to watch and to tell.
   *
   * @param intake takes the events of alarms
   */
  synchronized void start(IntakeService intake) {
    trail = new AlarmTrail(intake);
    board.listen(trail);
    trail.start();
    webhooks.start();
    thread.start();
  }

  private void run() {
    while (running) {
      try {
        turn();
        Thread.sleep(TICK.toMillis());
      } catch (InterruptedException e) {
        return; // close() wants that
      }
    }
  }

  private void turn() {
    board.endOverdue();
    Instant now = clock.instant();
    if (!now.isBefore(nextLook)) {
      nextLook = now.plus(lookEvery);
      watches.forEach(AlarmCenter::look);
    }
  }

  private static void look(Watch watch) {
    try {
      watch.look();
    } catch (RuntimeException e) {
      LOG.error("Alarms: {} failed; it looks again soon", watch.getClass().getSimpleName(), e);
    }
  }

  /** To be called before the intake is closed. What fires ends at its receivers by itself. */
  @Override
  public synchronized void close() {
    running = false;
    thread.interrupt();
    webhooks.close();
    if (trail != null) {
      trail.close();
    }
  }
}
