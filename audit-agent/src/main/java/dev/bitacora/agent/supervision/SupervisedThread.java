package dev.bitacora.agent.supervision;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A daemon thread that performs a duty until it is done or told to end. When a round throws, the
 * duty starts over after a pause; pauses double while rounds go on failing. The same thread does
 * so: where a thread has died for want of memory, a new one could not be made either.
 *
 * <p>Safe for any thread.
 */
public final class SupervisedThread {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Duty duty;
  private final Supervision supervision;
  private final Thread thread;
  private volatile boolean isEnding;

  // The thread's alone.
  private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
  private long failuresInARow;
  private boolean mustStartOver;

  SupervisedThread(String name, Duty duty, Supervision supervision) {
    this.duty = duty;
    this.supervision = supervision;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /** Begins; once. */
  public void start() {
    thread.start();
  }

  /** Ends its idling, if it is idle. */
  public void wake() {
    LockSupport.unpark(thread);
  }

  /** Ends whatever it waits for. */
  public void interrupt() {
    thread.interrupt();
  }

  /** Tells it to make the round it is in its last, and waits for its end. */
  public void end(Duration atMost) {
    isEnding = true;
    wake();
    boolean unused = join(atMost);
  }

  /** Waits until it has ended; whether it has. A thread that never began has. */
  public boolean join(Duration atMost) {
    try {
      thread.join(Math.max(1, atMost.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  private void run() {
    while (!isEnding && round()) {
      // until there is nothing to do any more
    }
    if (failuresInARow > 0) {
      supervision.gone();
    }
  }

  /** False when it was the last one. */
  private boolean round() {
    try {
      if (mustStartOver) {
        duty.startOver();
        mustStartOver = false;
      }
      Optional<Duration> idle = duty.perform();
      works();
      idle.ifPresent(this::idle);
      return idle.isPresent();
    } catch (InterruptedException e) {
      return false;
    } catch (Throwable t) { // or nobody would do this any more
      mustStartOver = true;
      idle(pauseAfter(t));
      return true;
    }
  }

  private void works() {
    if (failuresInARow > 0) {
      long failures = failuresInARow;
      failuresInARow = 0;
      backoff.reset();
      supervision.worksAgain(thread.getName(), failures);
    }
  }

  private Duration pauseAfter(Throwable failure) {
    failuresInARow++;
    try {
      supervision.failed(thread.getName(), failure, failuresInARow == 1);
      return backoff.pause();
    } catch (Throwable again) { // without memory there is nothing to say it with; it is counted
      return FIRST_PAUSE;
    }
  }

  /** An interrupt ends this like a wake-up: it must not keep the rounds after it from idling. */
  private void idle(Duration duration) {
    if (!duration.isZero() && !isEnding) {
      LockSupport.parkNanos(this, duration.toNanos());
      boolean unused = Thread.interrupted();
    }
  }
}
