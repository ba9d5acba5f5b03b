package dev.bitacora.collector.index;

/**
 * How many threads may write to the store at the same time: half as many when it says that it has
 * too much to do, one more after each round without such an answer (additive increase,
 * multiplicative decrease). Answers to what was sent before it was halved do not halve it again.
 * Safe for any thread.
 */
final class Throttle {
  private final int most;
  private int limit;
  private int inside;

  /** Threads that entered before the limit was halved and have not left. */
  private int ofThePast;

  /** Writes that went well since the limit changed. */
  private int good;

  private boolean isOpen;

  Throttle(int most) {
    this.most = most;
    this.limit = most;
  }

  /** Waits until there is room; {@link #leave} must follow. */
  synchronized void enter() throws InterruptedException {
    while (inside >= limit && !isOpen) {
      wait();
    }
    inside++;
  }

  /**
   * @param tooMuch the store said that it has too much to do
   */
  synchronized void leave(boolean tooMuch) {
    inside--;
    if (ofThePast > 0) {
      ofThePast--;
    } else if (tooMuch) {
      limit = Math.max(1, limit / 2);
      ofThePast = inside;
      good = 0;
    } else if (limit < most && ++good >= limit) {
      limit++;
      good = 0;
    }
    notifyAll();
  }

  /** Lets everybody in from now on, so that nobody waits when the senders end. */
  synchronized void open() {
    isOpen = true;
    notifyAll();
  }

  synchronized int limit() {
    return limit;
  }
}
