package dev.bitacora.collector;

import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.AlarmListener;
import dev.bitacora.collector.alarm.FiringAlarm;
import dev.bitacora.collector.index.Backoff;
import dev.bitacora.collector.intake.IdempotencyKeyReusedException;
import dev.bitacora.collector.intake.IntakeService;
import dev.bitacora.collector.intake.IntakeUnavailableException;
import dev.bitacora.collector.intake.Sender;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.AuditEventBuilder;
import dev.bitacora.core.event.EventClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records when an alarm began and when it was over as audit events, through the intake like
 * everybody else's, in order and each once, however often the intake has to be asked. They wait in
 * memory while it takes none; above {@link #MOST_WAITING} further ones are left out and logged.
 * Safe for any thread.
 */
final class AlarmTrail implements AlarmListener, AutoCloseable {
  static final String FIRING = "bitacora.alarm.firing";
  static final String RESOLVED = "bitacora.alarm.resolved";

  private static final Logger LOG = LoggerFactory.getLogger(AlarmTrail.class);
  private static final String COMPONENT = "bitacora-collector";
  private static final String ENVIRONMENT = "bitacora";
  private static final Sender SENDER = new Sender(COMPONENT, Optional.of(ENVIRONMENT));
  private static final int MOST_WAITING = 10_000;
  private static final Duration CLOSING = Duration.ofSeconds(3);

  private final IntakeService intake;

  /** An empty one only wakes the thread, to end. */
  private final BlockingQueue<Optional<Entry>> waiting = new LinkedBlockingQueue<>(MOST_WAITING);

  private final Thread thread = new Thread(this::run, "bitacora-alarm-trail");
  private volatile boolean running = true;

  /**
   * @param key by which the intake knows it when it comes again
   */
  private record Entry(AuditEvent event, String key) {}

  AlarmTrail(IntakeService intake) {
    this.intake = intake;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  boolean alive() {
    return thread.isAlive();
  }

  @Override
  public void began(FiringAlarm alarm) {
    add(event(FIRING, alarm, alarm.startsAt()));
  }

  @Override
  public void over(FiringAlarm alarm, Instant endsAt) {
    add(event(RESOLVED, alarm, endsAt));
  }

  private void add(AuditEvent event) {
    if (!waiting.offer(Optional.of(new Entry(event, UUID.randomUUID().toString())))) {
      LOG.error(
          "Alarms: {} events of alarms wait for the intake; one more is not recorded",
          MOST_WAITING);
    }
  }

  private static AuditEvent event(String action, FiringAlarm firing, Instant when) {
    Alarm alarm = firing.alarm();
    AuditEventBuilder event =
        AuditEvent.builder(action)
            .at(when)
            .eventClass(EventClass.MANDATORY)
            .message(alarm.name() + ": " + alarm.summary())
            .set("event.kind", "alert")
            .set("user.id", "system")
            .set("audit.actor.type", "system")
            .set("service.name", COMPONENT)
            .set("service.environment", ENVIRONMENT)
            .target("alarm", alarm.name())
            .label("severity", alarm.severity().text())
            .detail("starts_at", firing.startsAt().toString());
    alarm.labels().forEach(event::label);
    return event.build();
  }

  private void run() {
    try {
      while (running || !waiting.isEmpty()) {
        Optional<Entry> entry = waiting.take();
        if (entry.isPresent()) {
          record(entry.get());
        }
      }
    } catch (InterruptedException e) {
      // close() waits no longer
    }
  }

  private void record(Entry entry) throws InterruptedException {
    for (int failures = 1; !isRecorded(entry); failures++) {
      Thread.sleep(Backoff.after(failures).toMillis());
    }
  }

  private boolean isRecorded(Entry entry) {
    try {
      intake.appendForeign(List.of(entry.event().bytes()), SENDER, Optional.of(entry.key()));
      return true;
    } catch (IntakeUnavailableException e) {
      return false; // health says why
    } catch (IdempotencyKeyReusedException | RuntimeException e) {
      LOG.error("Alarms: the event of an alarm could not be recorded and is left out", e);
      return true;
    }
  }

  /** Gives what waits a little time; what is left is logged already, as every alarm is. */
  @Override
  public void close() {
    running = false;
    boolean unused = waiting.offer(Optional.empty()); // where there is no room it does not sleep
    try {
      thread.join(CLOSING.toMillis());
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
