package dev.bitacora.bench.agent.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CrewTest {
  private static final Duration TIME = Duration.ofMillis(100);

  private final AtomicInteger calls = new AtomicInteger();
  private final Set<Thread> callers = ConcurrentHashMap.newKeySet();

  @Test
  void pacedThreads_shareTheCalls() {
    Crew.Run run = Crew.paced(4, 400, Duration.ZERO, TIME, this::call);
    assertThat(run.times().latencies().getTotalCount()).isEqualTo(40).isEqualTo(calls.get());
    assertThat(callers).hasSize(4);
    assertThat(run.isBlocked()).isFalse();
  }

  @Test
  void whatIsCalledInTheLeadIn_doesNotCount() {
    Crew.Run run = Crew.paced(2, 400, Duration.ofMillis(50), TIME, this::call);
    assertThat(calls).hasValue(60);
    assertThat(run.times().latencies().getTotalCount()).isEqualTo(40).isEqualTo(run.calls());
    assertThat(run.times().durations().getTotalCount()).isEqualTo(40);
    assertThat(run.seconds()).isEqualTo(0.1);
  }

  @Test
  void callsThatDoNotReturn_countWithWhatTheyWaited_andSoDoThoseBehindThem() {
    Crew.Run run = Crew.paced(1, 1_000, Duration.ZERO, TIME, CrewTest::callForever);
    assertThat(run.isBlocked()).isTrue();
    assertThat(run.times().latencies().getTotalCount()).isEqualTo(100);
    // It was given up half a second after the last one was due.
    assertThat(run.times().latencies().getMinValue()).isGreaterThan(490_000_000);
  }

  @Test
  void flatOut_countsAllCalls() {
    Crew.Run run = Crew.flatOut(2, TIME, this::call);
    assertThat(run.calls()).isPositive().isEqualTo(calls.get());
    // The time may have been longer than asked for, never shorter.
    assertThat(run.perSecond()).isPositive().isLessThanOrEqualTo(calls.get() * 10.0);
    assertThat(callers).hasSize(2);
    assertThat(run.isBlocked()).isFalse();
  }

  @Test
  void flatOut_whenCallsDoNotReturn_ends() {
    Crew.Run run = Crew.flatOut(2, TIME, CrewTest::callForever);
    assertThat(run.isBlocked()).isTrue();
  }

  @Test
  void aCallThatFails_failsTheRun() {
    assertThatThrownBy(
            () ->
                Crew.paced(
                    1,
                    1_000,
                    Duration.ZERO,
                    TIME,
                    () -> {
                      throw new IllegalArgumentException("no");
                    }))
        .hasMessageContaining("no");
  }

  /** Where there is no other processor, one thread shares it and is not bound. */
  @Test
  void oneThread_staysOnTheFirstProcessor_severalDoNot() {
    List<Integer> all = Processors.allowed();
    Set<List<Integer>> processors = ConcurrentHashMap.newKeySet();
    Crew.Run alone =
        Crew.paced(1, 100, Duration.ZERO, TIME, () -> processors.add(Processors.allowed()));
    assertThat(alone.isBlocked()).isFalse();
    assertThat(processors).containsExactly(Crew.isBound(1) ? all.subList(0, 1) : all);
    processors.clear();
    Crew.Run together = Crew.flatOut(4, TIME, () -> processors.add(Processors.allowed()));
    assertThat(together.isBlocked()).isFalse();
    assertThat(processors).containsExactly(all);
  }

  @Test
  void whatIsNotTheCaller_leavesItTheFirstProcessor_andMayUseItAgain() throws Exception {
    List<Integer> all = Processors.allowed();
    List<List<Integer>> seen = new CopyOnWriteArrayList<>();
    if (Crew.isBound(1)) {
      try {
        Processors.leaveFirst();
        assertThat(Processors.allowed()).isEqualTo(all.subList(1, all.size()));
        assertThat(Processors.count()).isEqualTo(all.size());
        Crew.Run alone =
            Crew.paced(1, 100, Duration.ZERO, TIME, () -> seen.add(Processors.allowed()));
        assertThat(alone.isBlocked()).isFalse();
        assertThat(seen).hasSize(10).containsOnly(all.subList(0, 1));
      } finally {
        Processors.useAll();
      }
    }
    Thread later = new Thread(() -> seen.add(Processors.allowed()));
    later.start();
    later.join();
    assertThat(seen.get(seen.size() - 1)).isEqualTo(all);
  }

  @Test
  void aRun_isReadAsItWasWritten() {
    Crew.Run run = Crew.paced(2, 400, Duration.ZERO, TIME, this::call);
    Crew.Run read = Crew.Run.parse(run.toLine());
    assertThat(read).isEqualTo(run);
    assertThat(read.times().durations()).isNotEqualTo(read.times().latencies());
  }

  private void call() {
    calls.incrementAndGet();
    callers.add(Thread.currentThread());
  }

  private static void callForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
