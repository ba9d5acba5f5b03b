package dev.bitacora.bench.chaos;

import dev.bitacora.testkit.KafkaBroker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Lets faults happen to the broker, one after the other, on a thread of its own. */
final class Weather implements AutoCloseable {
  private final KafkaBroker broker;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread daemon = new Thread(task, "weather");
            daemon.setDaemon(true);
            return daemon;
          });
  private CompletableFuture<Void> underway = CompletableFuture.completedFuture(null);
  private BrokerFault.State state = BrokerFault.State.UP;

  Weather(KafkaBroker broker) {
    this.broker = broker;
  }

  /** Lets a fault happen soon, after the one before is over. */
  void bring(BrokerFault fault, Duration delay) {
    awaitCalm();
    if (fault == BrokerFault.NONE) {
      return;
    }
    state = state.after(fault);
    CompletableFuture<Void> done = new CompletableFuture<>();
    underway = done;
    var unused =
        thread.schedule(() -> happen(fault, done), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void happen(BrokerFault fault, CompletableFuture<Void> done) {
    try {
      switch (fault) {
        case NONE -> {}
        case KILL -> broker.kill();
        case PAUSE -> broker.pause();
        case RESUME -> broker.resume();
        case START -> broker.restart();
        case BOUNCE -> {
          broker.kill();
          broker.restart();
        }
      }
      done.complete(null);
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  /** Ends all faults: the broker is up and answers. */
  void clear() {
    awaitCalm();
    switch (state) {
      case UP -> {}
      case DOWN -> broker.restart();
      case PAUSED -> broker.resume();
    }
    state = BrokerFault.State.UP;
  }

  BrokerFault.State state() {
    return state;
  }

  private void awaitCalm() {
    try {
      underway.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("the broker did not obey: " + e.getCause(), e.getCause());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
