package dev.bitacora.agent.shipping;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Who waits for which number. Safe for any thread; futures complete on the common pool, so that a
 * waiter's code never runs on the shipper's thread.
 */
final class Acknowledgements {
  private final ConcurrentNavigableMap<Long, CompletableFuture<Void>> waiting =
      new ConcurrentSkipListMap<>();
  private volatile long through = -1;
  private volatile IllegalStateException closed;

  CompletableFuture<Void> of(long sequence) {
    CompletableFuture<Void> future =
        waiting.computeIfAbsent(sequence, s -> new CompletableFuture<>());
    settle();
    return future;
  }

  /** Whether anybody waits. */
  boolean areAwaited() {
    return !waiting.isEmpty();
  }

  void acknowledged(long sequence) {
    through = sequence;
    settle();
  }

  /** Fails everybody who still waits, and whoever will. */
  void close(String reason) {
    closed = new IllegalStateException(reason);
    settle();
  }

  private void settle() {
    waiting.headMap(through, true).keySet().forEach(this::complete);
    if (closed != null) {
      waiting.keySet().forEach(this::fail);
    }
  }

  private void complete(Long sequence) {
    CompletableFuture<Void> future = waiting.remove(sequence);
    if (future != null) {
      CompletableFuture<Void> unused = future.completeAsync(() -> null);
    }
  }

  private void fail(Long sequence) {
    CompletableFuture<Void> future = waiting.remove(sequence);
    if (future != null) {
      IllegalStateException reason = closed;
      CompletableFuture<Void> unused =
          future.completeAsync(
              () -> {
                throw reason;
              });
    }
  }
}
