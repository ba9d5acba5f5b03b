package dev.bitacora.bench.agent.calls;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/**
 * Threads that make calls at the same time, each with its share. A call that does not return soon
 * after the time is over is interrupted, so that nothing that blocks makes a run endless. For one
 * run.
 */
final class Crew {
  private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final Duration GRACE = Duration.ofMillis(500);
  private static final Duration INTERRUPTED_CALL_LIMIT = Duration.ofSeconds(10);

  /**
   * A component's threads live long. The kernel lets those that are new wait for those that are
   * not, which would be measured as the cost of a call.
   */
  private static final ExecutorService THREADS = Executors.newCachedThreadPool(Crew::thread);

  /** One that stays on the first processor. */
  private static final ExecutorService BOUND_THREAD =
      Executors.newSingleThreadExecutor(Crew::thread);

  private final int count;
  private final Runnable call;
  private final CountDownLatch starting;
  private final CompletableFuture<Long> started = new CompletableFuture<>();
  private final CountDownLatch running;
  private final Set<Thread> threads = new HashSet<>();
  private final Pace.Times times = new Pace.Times();
  private volatile boolean isOver;
  private volatile Throwable failure;

  private Crew(int count, Runnable call) {
    this.count = count;
    this.call = call;
    this.starting = new CountDownLatch(count);
    this.running = new CountDownLatch(count);
  }

  /**
   * What a run was like.
   *
   * @param times of paced calls; empty for those made flat out, which wait for each other
   * @param calls that were made; of paced ones those that were due
   * @param isBlocked true when calls had to be interrupted, so that latencies are too low
   */
  record Run(Pace.Times times, long calls, double seconds, boolean isBlocked) {
    double perSecond() {
      return calls / seconds;
    }

    /** For another process. */
    String toLine() {
      String latencies = text(times.latencies());
      return String.join(
          " ", "" + calls, "" + seconds, "" + isBlocked, latencies, text(times.durations()));
    }

    /** What {@link #toLine} said. */
    static Run parse(String line) {
      String[] words = line.split(" ", -1);
      return new Run(
          new Pace.Times(histogram(words[3]), histogram(words[4])),
          Long.parseLong(words[0]),
          Double.parseDouble(words[1]),
          Boolean.parseBoolean(words[2]));
    }

    private static String text(Histogram histogram) {
      ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
      int length = histogram.encodeIntoByteBuffer(bytes);
      return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
    }

    private static Histogram histogram(String text) {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
      return Histogram.decodeFromByteBuffer(bytes, Pace.LONGEST_NANOS);
    }
  }

  /**
   * Calls at a rate, which the threads share evenly.
   *
   * @param leadIn how long they do so before it counts
   */
  static Run paced(int threads, int perSecond, Duration leadIn, Duration duration, Runnable call) {
    return new Crew(threads, call).paced(perSecond, leadIn, duration);
  }

  /** Each thread calls as often as it can. */
  static Run flatOut(int threads, Duration duration, Runnable call) {
    return new Crew(threads, call).flatOut(duration);
  }

  /** Whether so many threads have a processor each, and one is left for all else. */
  static boolean isSpinning(int threads) {
    return threads < Processors.count();
  }

  /**
   * Whether there is one thread, which is kept on a processor for itself: the first, which a
   * benchmark's broker never has.
   */
  static boolean isBound(int threads) {
    return threads == 1 && isSpinning(threads);
  }

  private Run paced(int perSecond, Duration leadIn, Duration duration) {
    long between = TimeUnit.SECONDS.toNanos(1) / perSecond;
    Duration interval = Duration.ofNanos(between * count);
    Pace pace = isSpinning(count) ? Pace.spinning(interval) : Pace.sleeping(interval);
    for (int i = 0; i < count; i++) {
      long offset = i * between;
      Pace.Times own = new Pace.Times();
      start(
          start -> {
            long counting = start + offset + leadIn.toNanos();
            pace.run(counting, leadIn, duration, this::call, () -> isOver, own);
            add(own);
          });
    }
    long start = startAll();
    boolean isBlocked = !end(start + leadIn.plus(duration).plus(GRACE).toNanos());
    long calls = times.latencies().getTotalCount();
    return new Run(times, calls, duration.toNanos() / 1e9, isBlocked);
  }

  private Run flatOut(Duration duration) {
    long[] calls = new long[count];
    for (int i = 0; i < count; i++) {
      int own = i;
      start(start -> calls[own] = callUntilOver(start));
    }
    long start = startAll();
    sleepUntil(start + duration.toNanos());
    isOver = true;
    double seconds = (System.nanoTime() - start) / 1e9;
    boolean isBlocked = !end(System.nanoTime() + GRACE.toNanos());
    long sum = 0;
    for (long made : calls) {
      sum += made;
    }
    return new Run(times, sum, seconds, isBlocked);
  }

  private long callUntilOver(long start) {
    sleepUntil(start);
    long calls = 0;
    do {
      call();
      calls++;
    } while (!isOver);
    return calls;
  }

  /** What a call throws because it was interrupted is no failure. */
  private void call() {
    try {
      call.run();
    } catch (RuntimeException e) {
      if (!isOver) {
        throw e;
      }
    }
  }

  private synchronized void add(Pace.Times own) {
    times.add(own);
  }

  private void start(LongConsumer work) {
    ExecutorService threads = isBound(count) ? BOUND_THREAD : THREADS;
    threads.execute(
        () -> {
          begin(Thread.currentThread());
          try {
            prepare();
            work.accept(started.join());
          } catch (RuntimeException | Error e) {
            failure = e;
          } finally {
            end(Thread.currentThread());
          }
        });
  }

  private void prepare() {
    try {
      if (isBound(count)) {
        Processors.bindToFirst();
      }
    } finally {
      starting.countDown();
    }
  }

  /** When all threads are there, so that none does its share after another has ended; the time. */
  private long startAll() {
    try {
      starting.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    long start = System.nanoTime() + START_DELAY_NANOS;
    started.complete(start);
    return start;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "caller");
    thread.setDaemon(true);
    return thread;
  }

  private synchronized void begin(Thread thread) {
    threads.add(thread);
  }

  /** Nobody interrupts it from now on; it may be part of another crew next. */
  private synchronized void end(Thread thread) {
    threads.remove(thread);
    boolean unused = Thread.interrupted();
    running.countDown();
  }

  private synchronized void interrupt() {
    threads.forEach(Thread::interrupt);
  }

  /** Whether all threads ended by themselves. */
  private boolean end(long deadline) {
    boolean isInTime = join(deadline);
    if (!isInTime) {
      isOver = true;
      interrupt();
      if (!join(System.nanoTime() + INTERRUPTED_CALL_LIMIT.toNanos())) {
        throw new IllegalStateException("a call that blocks cannot be interrupted");
      }
    }
    if (failure != null) {
      throw new IllegalStateException("a caller failed: " + failure, failure);
    }
    return isInTime;
  }

  private boolean join(long deadline) {
    try {
      return running.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void sleepUntil(long nanoTime) {
    while (System.nanoTime() < nanoTime) {
      LockSupport.parkNanos(nanoTime - System.nanoTime());
    }
  }
}
