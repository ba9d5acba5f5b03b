package dev.bitacora.collector.webhook;

import dev.bitacora.collector.alarm.AlarmBoard;
import dev.bitacora.collector.health.Condition;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All receivers of alarms, each with a thread, a client and a state of its own, so that one that is
 * slow or dead delays neither another nor anything else. Safe for any thread. {@link #close} is
 * idempotent and waits for nobody's answer: what fires ends by itself at the receivers.
 */
public final class Webhooks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration AFTER_A_DEFECT = Duration.ofSeconds(30);
  private static final Duration CLOSING = Duration.ofSeconds(1);

  private final List<Webhook> webhooks = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running = true;

  /**
   * Connects to nobody before {@link #start}.
   *
   * @param tls whom to trust; whom the JDK trusts when not given
   * @param source where the alarms come from, their {@code generatorURL}
   */
  public Webhooks(
      List<WebhookAddress> addresses,
      Optional<SSLContext> tls,
      URI source,
      AlarmBoard board,
      Clock clock) {
    for (WebhookAddress address : distinct(addresses)) {
      Webhook webhook =
          new Webhook(address, source, board::firing, () -> client(tls), PATIENCE, clock);
      board.listen(webhook);
      webhooks.add(webhook);
      Thread thread = new Thread(() -> run(webhook), "bitacora-webhook-" + webhooks.size());
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  /** Two of the same host get names that differ. */
  private static List<WebhookAddress> distinct(List<WebhookAddress> addresses) {
    Map<String, Integer> seen = new HashMap<>();
    List<WebhookAddress> named = new ArrayList<>();
    for (WebhookAddress address : addresses) {
      int number = seen.merge(address.name(), 1, Integer::sum);
      named.add(number == 1 ? address : address.named(address.name() + "#" + number));
    }
    return named;
  }

  private static HttpClient client(Optional<SSLContext> tls) {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER);
    tls.ifPresent(client::sslContext);
    return client.build();
  }

  public void start() {
    threads.forEach(Thread::start);
  }

  public List<Webhook> all() {
    return List.copyOf(webhooks);
  }

  /** Whether every receiver has a thread that runs. */
  public boolean alive() {
    return threads.stream().allMatch(Thread::isAlive);
  }

  /**
   * Always up, because events become durable whether or not anybody hears of alarms; the reason
   * says which receivers fail.
   */
  public Condition condition() {
    if (webhooks.isEmpty()) {
      return Condition.up(
          "no webhook is configured: alarms are events, metrics and log lines only");
    }
    List<String> troubles =
        webhooks.stream().map(Webhook::trouble).flatMap(Optional::stream).toList();
    String working =
        webhooks.size() - troubles.size() + " of " + webhooks.size() + " webhooks work";
    return Condition.up(
        troubles.isEmpty()
            ? working
            : troubles.stream().collect(Collectors.joining("; ", working + "; ", "")));
  }

  private void run(Webhook webhook) {
    while (running) {
      try {
        idle(turn(webhook));
      } catch (InterruptedException e) {
        return; // close() wants that
      }
    }
  }

  private static Duration turn(Webhook webhook) throws InterruptedException {
    try {
      return webhook.turn();
    } catch (RuntimeException e) {
      LOG.error("Alarms: sending to {} failed unexpectedly; it is tried again", webhook.name(), e);
      return AFTER_A_DEFECT;
    }
  }

  private static void idle(Duration time) throws InterruptedException {
    Thread.sleep(time.toMillis());
  }

  @Override
  public void close() {
    running = false;
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      try {
        thread.join(CLOSING.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
