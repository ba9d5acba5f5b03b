package dev.bitacora.examples.day;

import dev.bitacora.examples.component.Recorded;
import dev.bitacora.examples.landscape.Deployed;
import dev.bitacora.examples.web.Answer;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Drives components through a day: people who log in, create, change, approve and reject invoices,
 * overstep, mistype and export; timers that clean; new versions that arrive. It knows nothing of
 * the components but their addresses. {@link #run} and {@link #recordExactly} are not to be used at
 * the same time.
 */
public final class Day implements AutoCloseable {
  private static final int PEOPLE_AT_ONCE = 6;
  private static final int VISITS_BETWEEN_DEPLOYMENTS = 150;
  private static final long SHORTEST_PAUSE_MILLIS = 150;
  private static final long LONGEST_PAUSE_MILLIS = 1500;

  private final List<Deployed> components;
  private final List<Site> sites;
  private final Browser browser = new Browser();
  private final Deployments deployments;
  private final RandomGenerator.SplittableGenerator random;
  private final ExecutorService people;
  private volatile boolean over;
  private volatile Thread runner;

  /**
   * A day that has not begun.
   *
   * @param components an api and a cache at least, in every environment that occurs
   * @param seed the same seed, the same people and the same plans
   */
  public Day(List<Deployed> components, long seed) {
    this.components = List.copyOf(components);
    this.sites =
        components.stream()
            .map(Deployed::environment)
            .distinct()
            .map(environment -> Site.of(environment, components))
            .toList();
    this.deployments = new Deployments(browser, this.components);
    this.random = new SplittableRandom(seed);
    this.people =
        Executors.newFixedThreadPool(
            PEOPLE_AT_ONCE,
            task -> {
              Thread thread = new Thread(task, "day");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** What all components have recorded since they started, over all their versions. */
  public Recorded recorded() {
    Recorded sum = Recorded.NOTHING;
    for (Deployed component : components) {
      Answer answer = browser.get(component.url(), "/demo/recorded", Optional.empty());
      sum =
          sum.plus(
              new Recorded(answer.number("audit"), answer.number("log"), answer.number("refused")));
    }
    return sum;
  }

  /**
   * Goes on until the components have recorded exactly this many audit events and log lines in
   * total, those of their start included. Whole visits first, as many as surely fit; single records
   * at the end.
   *
   * @throws IllegalArgumentException when they have recorded more already
   */
  public Recorded recordExactly(long total) throws InterruptedException {
    Recorded recorded = recorded();
    if (recorded.total() > total) {
      throw new IllegalArgumentException(
          "the components have recorded "
              + recorded.total()
              + " events by starting; ask for more than "
              + total);
    }
    while (total - recorded.total() >= Visit.MAX_RECORDS) {
      if (deployments.hasNext() && total - recorded.total() > 10 * Visit.MAX_RECORDS) {
        deployments.next();
      }
      visit((total - recorded.total() - Deployments.RECORDS) / Visit.MAX_RECORDS);
      recorded = recorded();
    }
    for (long missing = total - recorded.total(); missing > 0; missing--) {
      Deployed component = components.get((int) (missing % components.size()));
      Map<String, Object> kind = Map.of("kind", missing % 3 == 0 ? "log" : "audit");
      browser.post(component.url(), "/demo/event", kind, Optional.empty());
    }
    return recorded();
  }

  private void visit(long visits) throws InterruptedException {
    List<Callable<Void>> plans = new ArrayList<>();
    for (long i = 0; i < Math.max(1, visits); i++) {
      plans.add(plan());
    }
    int made = 0;
    UncheckedIOException cut = null;
    for (Future<Void> visit : people.invokeAll(plans)) {
      try {
        visit.get();
        made++;
      } catch (ExecutionException e) {
        cut = onlyIfCut(e);
      }
    }
    if (made == 0) {
      throw new IllegalStateException("the components do not answer", cut);
    }
  }

  /** A connection that broke cuts one visit short; what was recorded until then counts. */
  private static UncheckedIOException onlyIfCut(ExecutionException e) {
    if (e.getCause() instanceof UncheckedIOException broken) {
      return broken;
    }
    throw new IllegalStateException("a visit could not be made", e.getCause());
  }

  private Callable<Void> plan() {
    Site site = site();
    RandomGenerator own = random.split();
    return () -> {
      new Visit(browser, site, own).play();
      return null;
    };
  }

  /** Most happens in the last environment, which is production. */
  private Site site() {
    int dice = random.nextInt(10);
    int fromTheEnd = dice < 7 ? 0 : dice < 9 ? 1 : 2;
    return sites.get(Math.max(0, sites.size() - 1 - fromTheEnd));
  }

  /** Tells every api what happened before: a few hundred facts, spread over this time. */
  public void recordHistory(Duration back) {
    History history = new History(Clock.systemUTC().instant(), back, random.split());
    for (Site site : sites) {
      for (List<Map<String, Object>> facts : history.of(site.environment())) {
        browser.post(site.api(), "/demo/history", Map.of("facts", facts), Optional.empty());
      }
    }
  }

  /** Goes on at a modest pace until {@link #close}. A component that is away is tried later. */
  public void run() {
    runner = Thread.currentThread();
    for (int visits = 1; !over; visits++) {
      try {
        new Visit(browser, site(), random.split()).play();
        if (visits % VISITS_BETWEEN_DEPLOYMENTS == 0 && deployments.hasNext()) {
          deployments.next();
        }
      } catch (UncheckedIOException | IllegalStateException e) {
        // somebody may have stopped a component to see what happens; the day goes on
      }
      pause();
    }
  }

  private void pause() {
    long millis = random.nextLong(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
    long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    while (!over && until - System.nanoTime() > 0) {
      LockSupport.parkNanos(until - System.nanoTime());
      over |= Thread.currentThread().isInterrupted();
    }
  }

  /** Ends {@link #run} after the visit that is under way. */
  @Override
  public void close() {
    over = true;
    people.shutdownNow();
    LockSupport.unpark(runner);
  }
}
