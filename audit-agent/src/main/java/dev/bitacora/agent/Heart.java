package dev.bitacora.agent;

import dev.bitacora.agent.supervision.Duty;
import dev.bitacora.agent.supervision.SupervisedThread;
import dev.bitacora.agent.supervision.Supervision;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says once that the agent is ready, and then again and again how it is. */
final class Heart implements Duty, AutoCloseable {
  private static final Duration LAST_ROUND = Duration.ofSeconds(1);

  private final Runnable ready;
  private final Runnable beat;
  private final Duration interval;
  private final SupervisedThread thread;
  private final CountDownLatch isReady = new CountDownLatch(1);

  Heart(
      String threadName,
      Supervision supervision,
      Runnable ready,
      Runnable beat,
      Duration interval) {
    this.ready = ready;
    this.beat = beat;
    this.interval = interval;
    this.thread = supervision.thread(threadName, this);
  }

  void start() {
    thread.start();
  }

  @Override
  public Optional<Duration> perform() {
    if (isReady.getCount() > 0) {
      ready.run();
      isReady.countDown();
    } else {
      beat.run();
    }
    return Optional.of(interval);
  }

  /** Lets it say that it was ready, which a short process does, too; bounded. */
  @Override
  public void close() {
    try {
      boolean unused = isReady.await(LAST_ROUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.end(LAST_ROUND);
  }
}
