package dev.bitacora.collector.replay;

import dev.bitacora.collector.index.Backoff;
import dev.bitacora.collector.index.Delivery;
import dev.bitacora.collector.index.PendingRecord;
import java.time.Duration;
import java.util.List;

/** Delivers records until each is settled, or patience ends. Safe for any thread. */
public final class Redelivery {
  /** How long the store may be away before a person is told. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Delivery delivery;
  private final Duration patience;

  /**
   * @param patience with records that can not be settled
   */
  public Redelivery(Delivery delivery, Duration patience) {
    this.delivery = delivery;
    this.patience = patience;
  }

  /**
   * Returns when all are settled.
   *
   * @throws ReplayStoppedException when some could not be for a while, with the reason
   */
  public void deliver(List<PendingRecord> records) throws ReplayStoppedException {
    long deadline = System.nanoTime() + patience.toNanos();
    List<PendingRecord> left = delivery.attempt(records);
    for (int failures = 1; !left.isEmpty(); failures++) {
      Duration delay = Backoff.after(failures);
      if (System.nanoTime() + delay.toNanos() > deadline) {
        throw giveUp(left);
      }
      pause(delay, left);
      left = delivery.attempt(left);
    }
  }

  private ReplayStoppedException giveUp(List<PendingRecord> left) {
    String reason = delivery.condition().reason();
    delivery.abandon(left);
    return new ReplayStoppedException("replay: " + reason);
  }

  private void pause(Duration delay, List<PendingRecord> left) throws ReplayStoppedException {
    try {
      Thread.sleep(delay.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      delivery.abandon(left);
      throw new ReplayStoppedException("replay: interrupted", e);
    }
  }
}
