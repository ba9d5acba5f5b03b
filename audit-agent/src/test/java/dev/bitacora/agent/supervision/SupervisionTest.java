package dev.bitacora.agent.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A thread of the agent goes on, whatever its work throws. */
final class SupervisionTest {
  private final List<String> reports = new CopyOnWriteArrayList<>();
  private final Supervision supervision = new Supervision(reports::add);
  private SupervisedThread thread;

  @AfterEach
  void end() {
    thread.end(Duration.ofSeconds(10));
    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
  }

  private void start(Duty duty) {
    thread = supervision.thread("worker", duty);
    thread.start();
  }

  @SuppressWarnings("InfiniteRecursion") // a real one, not a thrown one
  private static int withoutEnd(int depth) {
    return withoutEnd(depth + 1) + 1;
  }

  @Test
  void errorsOfEveryKind_areFollowedByAnotherRound() {
    AtomicInteger rounds = new AtomicInteger();
    start(
        () -> {
          switch (rounds.getAndIncrement()) {
            case 0 -> throw new OutOfMemoryError("on purpose");
            case 1 -> throw new NoClassDefFoundError("on/Purpose");
            case 2 -> rounds.addAndGet(withoutEnd(0));
            case 3 -> throw new IllegalStateException("on purpose");
            default -> {}
          }
          return Optional.of(Duration.ofMillis(1));
        });

    await().until(() -> rounds.get() > 10);
    assertThat(supervision.restarts()).isEqualTo(4);
    assertThat(supervision.isAnyDown()).isFalse();
    assertThat(supervision.lastFailure().orElseThrow()).contains("worker", "IllegalState");
    assertThat(reports)
        .containsExactly(
            "thread worker failed: java.lang.OutOfMemoryError: on purpose; it begins anew",
            "thread worker works again after 4 failed attempts");
  }

  @Test
  void threadThatFails_isDownUntilItWorksAgain_andStartsOverFirst() {
    CountDownLatch mended = new CountDownLatch(1);
    AtomicInteger startedOver = new AtomicInteger();
    start(
        new Duty() {
          @Override
          public Optional<Duration> perform() {
            if (mended.getCount() > 0) {
              throw new IllegalStateException("broken");
            }
            assertThat(startedOver).hasPositiveValue();
            return Optional.of(Duration.ofMillis(1));
          }

          @Override
          public void startOver() {
            startedOver.incrementAndGet();
          }
        });

    await().until(() -> supervision.restarts() >= 2 && supervision.isAnyDown());
    mended.countDown();
    await().until(() -> !supervision.isAnyDown());
    assertThat(startedOver.get()).isEqualTo((int) supervision.restarts());
  }

  @Test
  void startingOverThatFails_isTriedAgain() {
    AtomicInteger rounds = new AtomicInteger();
    AtomicInteger attempts = new AtomicInteger();
    start(
        new Duty() {
          @Override
          public Optional<Duration> perform() {
            if (rounds.getAndIncrement() == 0) {
              throw new IllegalStateException("broken");
            }
            return Optional.of(Duration.ofMillis(1));
          }

          @Override
          public void startOver() {
            if (attempts.getAndIncrement() < 2) {
              throw new StackOverflowError();
            }
          }
        });

    await().until(() -> rounds.get() > 2);
    assertThat(attempts).hasValue(3);
  }

  @Test
  void reportThatFails_endsNoThread() {
    AtomicInteger rounds = new AtomicInteger();
    Supervision mute =
        new Supervision(
            line -> {
              throw new OutOfMemoryError("not even that can be said");
            });
    thread =
        mute.thread(
            "worker",
            () -> {
              if (rounds.getAndIncrement() == 0) {
                throw new IllegalStateException("broken");
              }
              return Optional.of(Duration.ofMillis(1));
            });
    thread.start();

    await().until(() -> rounds.get() > 5);
    assertThat(mute.restarts()).isPositive();
  }

  @Test
  void dutyThatIsDone_endsItsThread_andIsNotDown() {
    start(Optional::empty);

    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    assertThat(reports).isEmpty();
  }

  @Test
  void interruptedThread_idlesInItsNextRounds() {
    AtomicInteger rounds = new AtomicInteger();
    start(
        () -> {
          rounds.incrementAndGet();
          return Optional.of(Duration.ofHours(1));
        });
    await().until(() -> rounds.get() == 1);
    thread.interrupt();

    await().until(() -> rounds.get() == 2);
    await().during(Duration.ofMillis(200)).until(() -> rounds.get() == 2);
  }
}
