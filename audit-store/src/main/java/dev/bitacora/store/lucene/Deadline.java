package dev.bitacora.store.lucene;

import dev.bitacora.store.StoreException;
import java.time.Duration;
import org.apache.lucene.index.QueryTimeout;

/** The moment at which a search gives up. */
final class Deadline implements QueryTimeout {
  private static final int CHECKED_EVERY = 1024;

  private final Duration limit;
  private final long end;
  private int steps;

  Deadline(Duration limit) {
    this.limit = limit;
    this.end = System.nanoTime() + limit.toNanos();
  }

  @Override
  public boolean shouldExit() {
    return System.nanoTime() - end >= 0;
  }

  /** Looks at the clock once in a while. */
  void step() {
    if (++steps % CHECKED_EVERY == 0) {
      check();
    }
  }

  void check() {
    if (shouldExit()) {
      throw exceeded();
    }
  }

  StoreException.TimedOut exceeded() {
    return new StoreException.TimedOut(
        "the search took longer than "
            + limit.toSeconds()
            + " s; narrow the time range or the query");
  }
}
