package dev.bitacora.agent.spool;

import dev.bitacora.agent.supervision.Duty;
import dev.bitacora.agent.supervision.SupervisedThread;
import dev.bitacora.agent.supervision.Supervision;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Tends spools from a daemon thread of its own. */
final class Janitor implements AutoCloseable, Duty {
  private static final Duration IDLE = Duration.ofMillis(100);

  /** How long a group of waiters gathers before the disk is forced for all of them. */
  private static final Duration GROUP = Duration.ofMillis(20);

  private final List<DiskSpool> spools;
  private final SupervisedThread thread;

  /**
   * Does nothing until it is started.
   *
   * @param spools may get more while it works
   * @param supervision makes its thread
   */
  Janitor(String threadName, List<DiskSpool> spools, Supervision supervision) {
    this.spools = spools;
    this.thread = supervision.thread(threadName, this);
  }

  void start() {
    thread.start();
  }

  @Override
  public Optional<Duration> perform() {
    tend(spools.iterator());
    boolean isUrgent = spools.stream().anyMatch(DiskSpool::isUrgent);
    return Optional.of(isUrgent ? GROUP : IDLE);
  }

  /** A spool that fails keeps no other from being tended. */
  private static void tend(Iterator<DiskSpool> left) {
    if (left.hasNext()) {
      try {
        left.next().tend();
      } finally {
        tend(left);
      }
    }
  }

  @Override
  public void close() {
    thread.end(Duration.ofSeconds(1));
  }
}
