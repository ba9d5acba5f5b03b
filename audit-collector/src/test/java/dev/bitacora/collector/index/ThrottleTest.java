package dev.bitacora.collector.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private final Throttle throttle = new Throttle(8);

  private void enter(int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      throttle.enter();
    }
  }

  private void leave(int times, boolean tooMuch) {
    for (int i = 0; i < times; i++) {
      throttle.leave(tooMuch);
    }
  }

  @Test
  void eightRefusalsOfTheSameMoment_halveOnce() throws Exception {
    enter(8);
    leave(8, true);
    assertThat(throttle.limit()).isEqualTo(4);
    enter(4);
    leave(4, true);
    assertThat(throttle.limit()).isEqualTo(2);
  }

  @Test
  void neverFallsBelowOne() throws Exception {
    for (int i = 0; i < 10; i++) {
      enter(1);
      leave(1, true);
    }
    assertThat(throttle.limit()).isEqualTo(1);
  }

  @Test
  void growsByOneAfterARoundThatWentWell_upToWhatItWas() throws Exception {
    enter(1);
    leave(1, true);
    enter(4);
    leave(4, false);
    assertThat(throttle.limit()).isEqualTo(5);
    for (int i = 0; i < 100; i++) {
      enter(1);
      leave(1, false);
    }
    assertThat(throttle.limit()).isEqualTo(8);
  }

  @Test
  void whoFindsNoRoom_waitsUntilSomebodyLeaves() throws Exception {
    enter(8);
    CompletableFuture<Void> ninth = entering();
    leave(1, false);
    await().until(ninth::isDone);
  }

  @Test
  void opening_letsInWhoWaits() throws Exception {
    enter(8);
    CompletableFuture<Void> ninth = entering();
    throttle.open();
    await().until(ninth::isDone);
  }

  private CompletableFuture<Void> entering() {
    CompletableFuture<Void> entered = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                throttle.enter();
                entered.complete(null);
              } catch (InterruptedException e) {
                entered.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    await().until(() -> thread.getState() == Thread.State.WAITING);
    assertThat(entered).isNotDone();
    return entered;
  }
}
