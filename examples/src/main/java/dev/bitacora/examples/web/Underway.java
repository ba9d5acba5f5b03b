package dev.bitacora.examples.web;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;

/**
 * Counts requests from before the audit filter until after it: a client may have its answer before
 * the request is recorded, and who compares counts must wait for that.
 */
final class Underway implements Filter {
  private int count;

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    boolean isWork =
        request instanceof HttpServletRequest http && !http.getRequestURI().startsWith("/demo/");
    add(isWork ? 1 : 0);
    try {
      chain.doFilter(request, response);
    } finally {
      add(isWork ? -1 : 0);
    }
  }

  private synchronized void add(int change) {
    count += change;
    if (count == 0) {
      notifyAll();
    }
  }

  /** Waits until nothing is under way, or the time is over. */
  synchronized void awaitNone(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (count > 0) {
      long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (millis <= 0) {
        return;
      }
      try {
        wait(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
