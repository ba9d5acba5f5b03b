package dev.bitacora.agent.spool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Tends spools from a daemon thread of its own. */
public final class Janitor implements AutoCloseable {
  private static final Duration IDLE = Duration.ofMillis(100);

  /** How long a group of waiters gathers before the disk is forced for all of them. */
  private static final Duration GROUP = Duration.ofMillis(20);

  private final List<DiskSpool> spools;
  private final Consumer<String> reports;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Does nothing until it is started.
   *
   * @param spools may get more while it works
   */
  public Janitor(String threadName, List<DiskSpool> spools, Consumer<String> reports) {
    this.spools = spools;
    this.reports = reports;
    thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      spools.forEach(this::tend);
      boolean isUrgent = spools.stream().anyMatch(DiskSpool::isUrgent);
      LockSupport.parkNanos(this, (isUrgent ? GROUP : IDLE).toNanos());
      boolean unused = Thread.interrupted();
    }
  }

  private void tend(DiskSpool spool) {
    try {
      spool.tend();
    } catch (RuntimeException | Error e) { // or nobody would make room any more
      reports.accept("spool: " + e);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
