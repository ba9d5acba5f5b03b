package dev.bitacora.collector.webhook;

import dev.bitacora.collector.alarm.Alarm;
import dev.bitacora.collector.alarm.AlarmListener;
import dev.bitacora.collector.alarm.FiringAlarm;
import dev.bitacora.collector.alarm.Severity;
import dev.bitacora.collector.index.Backoff;
import dev.bitacora.collector.webhook.AlertmanagerJson.Alert;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One receiver of alarms, with what it has been told and what it owes us an answer to. What fires
 * is sent at once and again every minute, each time with an end a few minutes ahead, so that it
 * ends by itself when this process dies; what is over is sent with its end until the receiver has
 * confirmed it. A request that fails is repeated for ever. {@link #turn} is called by one thread;
 * everything else is safe for any.
 */
public final class Webhook implements AlarmListener {
  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);

  static final Duration RESEND = Duration.ofMinutes(1);

  /** Prometheus, too, gives an alert four times the interval at which it is repeated. */
  static final Duration FIRES_ON = RESEND.multipliedBy(4);

  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final int ALERTS_A_REQUEST = 100;

  /** Ends that nobody confirms; the receiver ends the oldest of them by itself. */
  private static final int MOST_OVER = 1000;

  private final WebhookAddress address;
  private final URI source;
  private final Supplier<List<FiringAlarm>> board;
  private final Supplier<HttpClient> connect;
  private final Duration patience;
  private final Clock clock;

  /** When the receiver last confirmed what fires; confined to the thread of {@link #turn}. */
  private final Map<Identity, Instant> confirmed = new HashMap<>();

  /** Over and not confirmed; guarded by itself. */
  private final Map<Identity, Alert> over = new LinkedHashMap<>();

  private Optional<HttpClient> client = Optional.empty();
  private boolean greeted;
  private volatile State state = new State(0, 0, Optional.empty(), Instant.EPOCH, false);

  /** What makes it the same alert to the receiver, to whom the severity is a label. */
  private record Identity(Alarm.Key key, Severity severity) {
    static Identity of(FiringAlarm firing) {
      return new Identity(firing.alarm().key(), firing.alarm().severity());
    }
  }

  /**
   * @param failures of all time
   * @param inARow failures since a request last went well
   * @param trouble why the last request failed, if it did
   * @param since when the trouble began
   * @param reached at least one request went well
   */
  private record State(
      long failures, int inARow, Optional<String> trouble, Instant since, boolean reached) {}

  /**
   * @param source the alarms' {@code generatorURL}
   * @param board what fires now
   * @param connect makes this webhook's own client
   * @param patience how long a request may take
   */
  Webhook(
      WebhookAddress address,
      URI source,
      Supplier<List<FiringAlarm>> board,
      Supplier<HttpClient> connect,
      Duration patience,
      Clock clock) {
    this.address = address;
    this.source = source;
    this.board = board;
    this.connect = connect;
    this.patience = patience;
    this.clock = clock;
  }

  /** Names it without its secrets. */
  public String name() {
    return address.name();
  }

  /** Requests that failed. */
  public long failures() {
    return state.failures();
  }

  /** Whether the last request went well; false before the first. */
  public boolean isUp() {
    return state.reached() && state.trouble().isEmpty();
  }

  /** What is wrong and since when; empty when nothing is. */
  Optional<String> trouble() {
    State now = state;
    return now.trouble()
        .map(why -> name() + " takes no alarms since " + now.since() + " (" + why + ")");
  }

  @Override
  public void began(FiringAlarm alarm) {
    // the board has it
  }

  @Override
  public void over(FiringAlarm alarm, Instant endsAt) {
    synchronized (over) {
      Identity identity = Identity.of(alarm);
      over.remove(identity);
      over.put(identity, new Alert(alarm, endsAt));
      if (over.size() > MOST_OVER) {
        forgetOldest();
      }
    }
  }

  private void forgetOldest() {
    Iterator<Identity> oldest = over.keySet().iterator();
    oldest.next();
    oldest.remove();
  }

  /**
   * Sends what is due.
   *
   * @return how long to wait before the next turn
   */
  Duration turn() throws InterruptedException {
    List<Alert> due = due();
    try {
      for (int from = 0; from < due.size(); from += ALERTS_A_REQUEST) {
        send(due.subList(from, Math.min(from + ALERTS_A_REQUEST, due.size())));
      }
      if (!greeted) {
        send(List.of()); // so that a wrong address shows before the first alarm does
      }
      return IDLE;
    } catch (IOException e) {
      return failed(e.getMessage());
    }
  }

  private List<Alert> due() {
    Instant now = clock.instant();
    List<FiringAlarm> firing = board.get();
    Set<Identity> identities = new HashSet<>();
    List<Alert> due = new ArrayList<>();
    for (FiringAlarm alarm : firing) {
      Identity identity = Identity.of(alarm);
      identities.add(identity);
      Instant last = confirmed.get(identity);
      if (last == null || !last.plus(RESEND).isAfter(now)) {
        due.add(new Alert(alarm, now.plus(FIRES_ON)));
      }
    }
    confirmed.keySet().retainAll(identities);
    due.addAll(overAndNotFiringAgain(identities));
    return due;
  }

  private Collection<Alert> overAndNotFiringAgain(Set<Identity> firing) {
    synchronized (over) {
      over.keySet().removeAll(firing);
      return List.copyOf(over.values());
    }
  }

  private void send(List<Alert> alerts) throws IOException, InterruptedException {
    int status = post(AlertmanagerJson.of(alerts, source));
    if (status < 200 || status > 299) {
      throw new IOException("it answered " + status);
    }
    wentWell();
    Instant now = clock.instant();
    for (Alert alert : alerts) {
      confirm(alert, now);
    }
  }

  private void confirm(Alert alert, Instant now) {
    Identity identity = Identity.of(alert.firing());
    synchronized (over) {
      if (over.remove(identity, alert)) {
        return;
      }
    }
    if (alert.endsAt().isAfter(now)) {
      confirmed.put(identity, now);
    }
  }

  private int post(byte[] body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.uri())
            .timeout(patience)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    address.authorization().ifPresent(value -> request.header("Authorization", value));
    // The request's own timeout ends with the answer's headers; a body may come for ever.
    CompletableFuture<HttpResponse<Void>> answer =
        client().sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no answer within " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(explain(e.getCause()), e);
    }
  }

  private HttpClient client() {
    HttpClient made = client.orElseGet(connect);
    client = Optional.of(made);
    return made;
  }

  private static String explain(Throwable cause) {
    String message = cause.getMessage();
    return cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private void wentWell() {
    greeted = true;
    State before = state;
    state = new State(before.failures(), 0, Optional.empty(), Instant.EPOCH, true);
    if (before.trouble().isPresent()) {
      LOG.info("Alarms: {} takes them again; it did not since {}", name(), before.since());
    }
  }

  private Duration failed(String why) {
    State before = state;
    boolean begins = before.trouble().isEmpty();
    int inARow = before.inARow() + 1;
    Instant since = begins ? clock.instant() : before.since();
    state = new State(before.failures() + 1, inARow, Optional.of(why), since, before.reached());
    if (begins) {
      LOG.warn("Alarms: {} does not take them ({}); it is tried again for ever", name(), why);
    }
    return Backoff.after(inARow);
  }
}
