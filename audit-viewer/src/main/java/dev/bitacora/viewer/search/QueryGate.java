package dev.bitacora.viewer.search;

import dev.bitacora.store.StoreException;
import dev.bitacora.viewer.access.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets each user ask a few questions at once, and waits a limited time for each. A question that
 * took too long counts as running until the store has really finished with it; it is never
 * interrupted, because an interrupt closes files under other readers.
 */
final class QueryGate implements AutoCloseable {
  private static final int THREADS = 8;
  private static final int QUEUED = 64;

  private final Duration limit;
  private final int perUser;
  private final Map<String, Integer> running = new HashMap<>();
  private final ThreadPoolExecutor pool;

  QueryGate(Duration limit, int perUser) {
    this.limit = limit;
    this.perUser = perUser;
    pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUED),
            QueryGate::thread);
    pool.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "viewer-query");
    thread.setDaemon(true);
    return thread;
  }

  /** Asks one question. */
  <T> T ask(Identity who, Callable<T> question) throws TooManyQueriesException {
    return askAll(who, List.of(question)).get(0);
  }

  /** Asks several questions of one request side by side; together they count as one. */
  <T> List<T> askAll(Identity who, List<Callable<T>> questions) throws TooManyQueriesException {
    enter(who);
    Runnable left = countingDown(questions.size(), () -> leave(who));
    List<CompletableFuture<T>> answers = new ArrayList<>();
    for (Callable<T> question : questions) {
      answers.add(start(question, left));
    }
    return await(answers);
  }

  private static Runnable countingDown(int count, Runnable then) {
    AtomicInteger left = new AtomicInteger(count);
    return () -> {
      if (left.decrementAndGet() == 0) {
        then.run();
      }
    };
  }

  private <T> CompletableFuture<T> start(Callable<T> question, Runnable finished) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      pool.execute(
          () -> {
            try {
              T value = question.call();
              finished.run();
              answer.complete(value);
            } catch (Throwable e) {
              finished.run();
              answer.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(
          new TooManyQueriesException("the service is busy with other queries"));
      finished.run();
    }
    return answer;
  }

  private <T> List<T> await(List<CompletableFuture<T>> answers) throws TooManyQueriesException {
    long end = System.nanoTime() + limit.toNanos();
    List<T> values = new ArrayList<>();
    for (CompletableFuture<T> answer : answers) {
      try {
        values.add(answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        throw new StoreException.TimedOut(
            "the store gave no answer within "
                + limit.toSeconds()
                + " s; choose a shorter time or a narrower query");
      } catch (ExecutionException e) {
        throw failure(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreException("interrupted while waiting for the store", e);
      }
    }
    return values;
  }

  private static RuntimeException failure(Throwable cause) throws TooManyQueriesException {
    if (cause instanceof TooManyQueriesException busy) {
      throw busy;
    }
    return cause instanceof RuntimeException known
        ? known
        : new StoreException("the query failed: " + cause, cause);
  }

  private synchronized void enter(Identity who) throws TooManyQueriesException {
    int now = running.getOrDefault(who.id(), 0);
    if (now >= perUser) {
      throw new TooManyQueriesException(
          "you have " + now + " queries running; wait for one of them to end");
    }
    running.put(who.id(), now + 1);
  }

  private synchronized void leave(Identity who) {
    running.computeIfPresent(who.id(), (id, count) -> count > 1 ? count - 1 : null);
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
