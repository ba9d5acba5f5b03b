package dev.bitacora.agent.supervision;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Makes an agent's threads and knows how they are. None of them can end by what its work throws:
 * neither an exception nor an error such as {@link StackOverflowError}, {@link OutOfMemoryError} or
 * {@link NoClassDefFoundError} stops delivery for good. Safe for any thread.
 */
public final class Supervision {
  private final Consumer<String> reports;
  private final AtomicLong restarts = new AtomicLong();
  private final AtomicInteger down = new AtomicInteger();
  private volatile String lastFailure;

  /**
   * Without threads.
   *
   * @param reports takes one line when a thread begins to fail and one when it works again
   */
  public Supervision(Consumer<String> reports) {
    this.reports = reports;
  }

  /** A daemon thread that does this duty once it is started. */
  public SupervisedThread thread(String name, Duty duty) {
    return new SupervisedThread(name, duty, this);
  }

  /** How often a thread had to begin anew. */
  public long restarts() {
    return restarts.get();
  }

  /** What ended a thread's work last, whether it works again or not; empty when nothing has. */
  public Optional<String> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  /** True while a thread has failed and has not worked since. */
  public boolean isAnyDown() {
    return down.get() > 0;
  }

  /** Counts first, because that needs no memory. */
  void failed(String thread, Throwable failure, boolean isFirstInARow) {
    restarts.incrementAndGet();
    if (isFirstInARow) {
      down.incrementAndGet();
    }
    lastFailure = "thread " + thread + " failed: " + failure;
    if (isFirstInARow) {
      reports.accept(lastFailure + "; it begins anew");
    }
  }

  void worksAgain(String thread, long failures) {
    down.decrementAndGet();
    reports.accept("thread " + thread + " works again after " + failures + " failed attempts");
  }

  /** It has failed and is not to work again. */
  void gone() {
    down.decrementAndGet();
  }
}
