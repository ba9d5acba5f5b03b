package dev.bitacora.bench.chaos.collector;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Three collectors, each in a place where a fault can exchange it, and some that come and go beside
 * them. Safe for any thread; what happens at one place happens one after the other.
 */
final class Fleet implements AutoCloseable {
  static final int PLACES = 3;

  /** Flushing may take 20 s, the last commit and leaving the group some more. */
  private static final Duration END_LIMIT = Duration.ofSeconds(60);

  private final Path work;
  private final Optional<Path> patch;
  private final Map<String, String> environment;
  private final Consumer<String> findings;
  private final AtomicInteger started = new AtomicInteger();
  private final List<Place> places = new ArrayList<>();

  /**
   * Starts none yet.
   *
   * @param patch classes that replace the collectors'
   * @param findings takes what is wrong, for people
   */
  Fleet(Path work, Optional<Path> patch, Map<String, String> settings, Consumer<String> findings) {
    this.work = work;
    this.patch = patch;
    this.findings = findings;
    this.environment = new HashMap<>(settings);
    for (int i = 0; i < PLACES; i++) {
      places.add(new Place());
    }
  }

  /** Where one collector is. */
  private static final class Place {
    private final ReentrantLock lock = new ReentrantLock();
    private CollectorProcess process;
  }

  /** What is done to a collector; gives the one that is there afterwards. */
  @FunctionalInterface
  interface Deed {
    CollectorProcess to(CollectorProcess process) throws InterruptedException;
  }

  /** One more, beside the places. */
  CollectorProcess start() {
    return CollectorProcess.start(
        work.resolve("collector-" + started.incrementAndGet() + ".log"), patch, environment);
  }

  void startAll() throws InterruptedException {
    for (Place place : places) {
      place.process = start();
    }
    for (Place place : places) {
      var unused = place.process.awaitRunning();
    }
  }

  /** Does something to one of them, when nobody else does. */
  void at(int place, Deed deed) throws InterruptedException {
    Place there = places.get(place);
    there.lock.lockInterruptibly();
    try {
      require(there.process);
      there.process = deed.to(there.process);
    } finally {
      there.lock.unlock();
    }
  }

  /** Tells all to end, does something without any, and starts all again. */
  void without(Interlude interlude) throws InterruptedException {
    for (Place place : places) {
      place.lock.lockInterruptibly();
    }
    try {
      endAll();
      interlude.play();
      startAll();
    } finally {
      places.forEach(place -> place.lock.unlock());
    }
  }

  /** Tells all to end, so that nothing is indexed any more. */
  void endAll() throws InterruptedException {
    for (Place place : places) {
      if (place.process.isAlive()) {
        var unused = place.process.awaitRunning(); // before, nothing is told to end in good order
      }
      place.process.terminate();
    }
    for (Place place : places) {
      awaitGoodEnd(place.process);
    }
  }

  /** What happens while no collector runs. */
  @FunctionalInterface
  interface Interlude {
    void play() throws InterruptedException;
  }

  /** After SIGTERM it must end in time and call that good. */
  void awaitGoodEnd(CollectorProcess process) throws InterruptedException {
    Optional<Integer> code = process.awaitEnd(END_LIMIT);
    if (code.isEmpty()) {
      findings.accept(process.log() + ": SIGTERM did not end it within " + END_LIMIT);
      process.kill();
    } else if (code.get() != 0) {
      findings.accept(process.log() + ": ended with " + code.get() + " after SIGTERM");
    }
  }

  /** The sum over all of a counter's values. */
  double metric(String name) throws InterruptedException {
    double sum = 0;
    for (Place place : places) {
      sum += place.process.metric(name);
    }
    return sum;
  }

  /** A collector that nobody told to end lives. */
  void requireAll() {
    places.forEach(place -> require(place.process));
  }

  private void require(CollectorProcess process) {
    if (!process.isAlive()) {
      findings.accept(process.log() + ": ended by itself");
    }
  }

  @Override
  public void close() {
    for (Place place : places) {
      try {
        if (place.process != null) {
          place.process.kill();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
