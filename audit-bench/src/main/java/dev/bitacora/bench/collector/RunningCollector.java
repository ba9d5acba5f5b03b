package dev.bitacora.bench.collector;

import dev.bitacora.bench.ChildJvm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A collector in a process of its own, seen as operators see it. One thread's. */
final class RunningCollector implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration IDLE_LIMIT = Duration.ofMinutes(3);

  /** Each look makes the collector write all its metrics: most while the end is near. */
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private static final Duration STEADY = Duration.ofSeconds(2);

  private final ChildJvm process;
  private final HttpRequest metrics;
  private final HttpClient client = HttpClient.newHttpClient();

  private RunningCollector(ChildJvm process, URI url) {
    this.process = process;
    this.metrics = HttpRequest.newBuilder(url.resolve("/metrics")).build();
  }

  /** One that is starting. */
  static RunningCollector of(ChildJvm process) {
    String line = process.awaitLine("collector runs:", START_LIMIT);
    return new RunningCollector(
        process, URI.create(line.substring(line.indexOf("http")).replace("/health/ready", "")));
  }

  /** Waits until so many events are indexed; how many there are then. */
  long awaitIndexed(long events, Duration limit) {
    long start = System.nanoTime();
    long deadline = start + limit.toNanos();
    long before = indexed();
    long indexed = before;
    for (; indexed < events; indexed = indexed()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "only " + indexed + " of " + events + " events were indexed in " + limit);
      }
      long passed = System.nanoTime() - start;
      long half = passed / Math.max(1, indexed - before) * (events - indexed) / 2;
      // No longer than what is known already: at first nobody knows how fast it is.
      long pause = Math.min(Math.min(half, passed), LONGEST_PAUSE.toNanos());
      LockSupport.parkNanos(Math.max(SHORTEST_PAUSE.toNanos(), pause));
    }
    return indexed;
  }

  /** Stops it where it stands, until {@link #resume}. */
  void pause() {
    process.pause();
  }

  void resume() {
    process.resume();
  }

  /** Waits until nothing more comes in for a while. */
  void awaitIdle() {
    long deadline = System.nanoTime() + IDLE_LIMIT.toNanos();
    long before = -1;
    for (long now = indexed(); now != before || now == 0; now = indexed()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the collector does not come to rest");
      }
      before = now;
      LockSupport.parkNanos(STEADY.toNanos());
    }
  }

  long indexed() {
    try {
      String text = client.send(metrics, BodyHandlers.ofString()).body();
      return text.lines()
          .filter(line -> line.startsWith("bitacora_indexed_total "))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new IllegalStateException("the collector does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What it took of the processors so far. */
  double processorSeconds() {
    return process.processorTime().toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
  }

  @Override
  public void close() {
    process.close();
  }
}
