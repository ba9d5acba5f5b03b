package dev.bitacora.bench;

import dev.bitacora.store.AuditStore;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writers that write their batches one after the other, all at the same time. */
final class Round {
  private Round() {}

  /**
   * How long it takes.
   *
   * @param work per writer its batches; every event must be new to the store
   */
  static double seconds(AuditStore store, List<List<List<NewEvent>>> work) {
    ExecutorService writers = Executors.newFixedThreadPool(work.size());
    try {
      long start = System.nanoTime();
      List<Future<?>> written = new ArrayList<>();
      for (List<List<NewEvent>> batches : work) {
        written.add(writers.submit(() -> write(store, batches)));
      }
      for (Future<?> one : written) {
        one.get();
      }
      return (System.nanoTime() - start) / 1e9;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a writer failed: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      writers.shutdownNow();
    }
  }

  private static void write(AuditStore store, List<List<NewEvent>> batches) {
    for (List<NewEvent> batch : batches) {
      for (WriteResult result : store.write(batch)) {
        if (result.status() != WriteResult.Status.INDEXED) {
          throw new IllegalStateException("an event was not indexed: " + result);
        }
      }
    }
  }
}
