package dev.bitacora.collector.http;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of requests are in the intake at once, and no more. Safe for any thread. */
final class Backlog {
  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();

  Backlog(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** One request's part, given back when closed. Not thread-safe. */
  final class Share implements AutoCloseable {
    private long taken;

    /** True when there was room for so many more. */
    boolean take(long more) {
      if (bytes.addAndGet(more) > maxBytes) {
        bytes.addAndGet(-more);
        return false;
      }
      taken += more;
      return true;
    }

    @Override
    public void close() {
      bytes.addAndGet(-taken);
      taken = 0;
    }
  }

  Share share() {
    return new Share();
  }
}
