package dev.bitacora.collector.watch;

import dev.bitacora.collector.accounting.Settlement;
import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.Alarms;
import dev.bitacora.collector.alarm.Severity;
import dev.bitacora.collector.index.Observer;
import dev.bitacora.collector.index.PendingRecord;
import dev.bitacora.collector.watch.Minutes.Minute;
import dev.bitacora.collector.watch.Minutes.Share;
import dev.bitacora.core.event.Actions;
import dev.bitacora.core.event.AuditEvent;
import dev.bitacora.core.event.Dataset;
import dev.bitacora.core.event.EventFields;
import dev.bitacora.core.event.Field;
import dev.bitacora.core.event.Outcome;
import dev.bitacora.store.NewEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Compares what each component does with its own recent past, by the audit events that are indexed
 * here: more of them fail, more requests are answered 5xx, or there are none any more.
 *
 * <p>Time is append time, so that events that were indexed late count where they belong. Nothing is
 * judged while we are behind. That a component's events are missing says nothing when its partition
 * went to another collector or Kafka was away: silence is judged only after more than an hour in
 * which neither happened. {@link #settled} is safe for any thread; {@link #look} is for one.
 */
public final class TrafficWatch implements Observer, Watch {
  static final String FAILURES = "BitacoraFailuresRising";
  static final String SERVER_ERRORS = "BitacoraServerErrorsRising";
  static final String STOPPED = "BitacoraTrafficStopped";

  static final int RECENT_MINUTES = 5;
  static final int PAST_MINUTES = 60;
  static final int SILENT_MINUTES = 10;

  /** Of the hour before: in so many minutes there was something. */
  static final int STEADY_MINUTES = 54;

  /** After that, whoever has not come back is not expected back. */
  static final Duration MISSED_FOR = Duration.ofHours(24);

  static final int MOST_COMPONENTS = 1000;

  private static final Rise FAILING = new Rise(0.1, 20);
  private static final Rise ANSWERING_5XX = new Rise(0.05, 10);

  private final Supplier<Set<String>> logs;
  private final BooleanSupplier isCurrent;
  private final Alarms alarms;
  private final Clock clock;
  private final Map<Component, Seen> components = new ConcurrentHashMap<>();
  private Set<String> ours = Set.of();
  private Instant undisturbedSince = Instant.MAX;

  private record Component(String name, String environment) {
    Map<String, String> labels() {
      return Map.of("service", name, "environment", environment);
    }

    @Override
    public String toString() {
      return name + " (" + environment + ")";
    }
  }

  /** What is known of one component. */
  private static final class Seen {
    private final Minutes minutes = new Minutes();

    /**
     * By alarm, the share under which it is over. Fixed when it begins, so that a long trouble does
     * not become what it is compared with.
     */
    private final Map<String, Double> rising = new HashMap<>();

    /** The component's last control record says that it ended as it should. */
    private volatile boolean stopped;

    private boolean missed;
  }

  /**
   * @param logs the logs that are indexed here now
   * @param isCurrent false while events that were appended may not have been indexed
   */
  public TrafficWatch(
      Supplier<Set<String>> logs, BooleanSupplier isCurrent, Alarms alarms, Clock clock) {
    this.logs = logs;
    this.isCurrent = isCurrent;
    this.alarms = alarms;
    this.clock = clock;
  }

  @Override
  public void settled(PendingRecord record, Settlement how) {
    if (how == Settlement.INDEXED) {
      record.event().ifPresent(this::see);
    }
  }

  private void see(NewEvent indexed) {
    AuditEvent event = indexed.event();
    if (event.dataset() == Dataset.LOG) {
      return;
    }
    Seen seen =
        seen(
            new Component(
                text(event, EventFields.SERVICE_NAME),
                text(event, EventFields.SERVICE_ENVIRONMENT)));
    if (seen == null) {
      return;
    }
    if (event.dataset() == Dataset.CONTROL) {
      seen.stopped = text(event, EventFields.ACTION).equals(Actions.AGENT_STOP);
    } else {
      // A broker whose clock is ahead must not make a component's future its past.
      count(seen, event, Math.min(minute(indexed.ingested()), minute(clock.instant())));
    }
  }

  /** Null when there are too many components to watch another. */
  private Seen seen(Component component) {
    Seen known = components.get(component);
    if (known != null || components.size() >= MOST_COMPONENTS) {
      return known;
    }
    return components.computeIfAbsent(component, unused -> new Seen());
  }

  private static void count(Seen seen, AuditEvent event, long minute) {
    String outcome = text(event, EventFields.OUTCOME);
    boolean failed = outcome.equals(Outcome.FAILURE.text());
    boolean judged = failed || outcome.equals(Outcome.SUCCESS.text());
    int status =
        event.value(EventFields.RESPONSE_STATUS).orElse(0) instanceof Long code
            ? code.intValue()
            : 0;
    seen.minutes.count(minute, judged, failed, status);
  }

  /** Only fields that an event keeps: it is settled, and its others would have to be read again. */
  private static String text(AuditEvent event, Field field) {
    return event.value(field).map(Object::toString).orElse("");
  }

  private static long minute(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), 60L);
  }

  @Override
  public void look() {
    Instant now = clock.instant();
    noteDisturbances(now);
    if (undisturbedSince.equals(Instant.MAX)) {
      return;
    }
    long minute = minute(now);
    components.forEach((component, seen) -> judge(component, seen, minute));
    components.values().removeIf(seen -> isForgotten(seen, minute));
  }

  private void noteDisturbances(Instant now) {
    Set<String> assigned = Set.copyOf(logs.get());
    if (!isCurrent.getAsBoolean()) {
      undisturbedSince = Instant.MAX;
    } else if (!assigned.equals(ours) || undisturbedSince.equals(Instant.MAX)) {
      undisturbedSince = now;
    }
    if (!assigned.equals(ours)) {
      ours = assigned;
      // Another collector may see now what we miss.
      components.forEach(this::missNoMore);
    }
  }

  private void judge(Component component, Seen seen, long minute) {
    Minute recent = seen.minutes.sum(minute - RECENT_MINUTES, minute - 1);
    Minute past =
        seen.minutes.sum(minute - RECENT_MINUTES - PAST_MINUTES, minute - RECENT_MINUTES - 1);
    judge(component, seen, FAILURES, FAILING, recent.failures(), past.failures());
    judge(
        component, seen, SERVER_ERRORS, ANSWERING_5XX, recent.serverErrors(), past.serverErrors());
    judgeSilence(component, seen, minute);
  }

  private void judge(
      Component component, Seen seen, String alarm, Rise rise, Share recent, Share past) {
    if (!seen.rising.containsKey(alarm) && rise.begins(recent, past)) {
      seen.rising.put(alarm, rise.endsUnder(past));
    }
    Double end = seen.rising.get(alarm);
    if (end != null && recent.value() < end) {
      seen.rising.remove(alarm);
      alarms.resolve(alarm, component.labels());
    } else if (end != null) {
      alarms.fire(
          new Alarm(alarm, Severity.WARNING, component.labels(), risen(component, alarm, recent)));
    }
  }

  private static String risen(Component component, String alarm, Share recent) {
    return "%s: %d of %d %s in the last %d minutes (%.0f %%), far more than in the hour before."
        .formatted(
            component,
            recent.bad(),
            recent.of(),
            alarm.equals(FAILURES) ? "events are failures" : "requests were answered 5xx",
            RECENT_MINUTES,
            100 * recent.value());
  }

  private void judgeSilence(Component component, Seen seen, long minute) {
    long newest = seen.minutes.newest();
    boolean isSilent = newest < minute - SILENT_MINUTES && !seen.stopped;
    if (seen.missed) {
      if (!isSilent || newest < minute - MISSED_FOR.toMinutes()) {
        missNoMore(component, seen);
      }
    } else if (isSilent && newest > minute - Minutes.KEPT && wasSteady(seen, newest)) {
      seen.missed = true;
      alarms.fire(
          new Alarm(
              STOPPED,
              Severity.WARNING,
              component.labels(),
              component
                  + " recorded something nearly every minute and now nothing since "
                  + Instant.ofEpochSecond((newest + 1) * 60)
                  + ". Does it run, is it reached, does its agent deliver?"));
    }
  }

  private boolean wasSteady(Seen seen, long newest) {
    long first = newest - PAST_MINUTES + 1;
    return minute(undisturbedSince) <= first && seen.minutes.busy(first, newest) >= STEADY_MINUTES;
  }

  private void missNoMore(Component component, Seen seen) {
    if (seen.missed) {
      seen.missed = false;
      alarms.resolve(STOPPED, component.labels());
    }
  }

  private static boolean isForgotten(Seen seen, long minute) {
    return seen.minutes.newest() < minute - Minutes.KEPT && !seen.missed && seen.rising.isEmpty();
  }

  /** For tests: how many components are watched. */
  int watched() {
    return components.size();
  }
}
