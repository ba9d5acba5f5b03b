package dev.bitacora.store.lucene;

import java.io.Closeable;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Lets a second thread take half of a big batch while nobody else writes; with several writers they
 * keep the processors busy themselves. Safe for any thread.
 */
final class AddingThreads implements Closeable {
  /** Below this a second thread costs more than it saves. */
  private static final int WORTH_IT = 256;

  private final AtomicInteger running = new AtomicInteger();
  private final ExecutorService second =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "bitacora-store-add");
            thread.setDaemon(true);
            return thread;
          });

  /** Returns when all parts were worked on. */
  void run(List<Integer> items, Consumer<List<Integer>> work) {
    try {
      if (running.incrementAndGet() > 1 || items.size() < WORTH_IT) {
        work.accept(items);
      } else {
        runHalves(items, work);
      }
    } finally {
      running.decrementAndGet();
    }
  }

  private void runHalves(List<Integer> items, Consumer<List<Integer>> work) {
    int half = items.size() / 2;
    Future<?> other = second.submit(() -> work.accept(items.subList(half, items.size())));
    try {
      work.accept(items.subList(0, half));
    } finally {
      await(other);
    }
  }

  private static void await(Future<?> other) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          other.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw new IllegalStateException("adding events failed", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    second.shutdown();
  }
}
