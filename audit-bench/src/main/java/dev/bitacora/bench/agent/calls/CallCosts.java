package dev.bitacora.bench.agent.calls;

import dev.bitacora.bench.Figures;
import dev.bitacora.bench.Folders;
import dev.bitacora.bench.OtherPrograms;
import dev.bitacora.bench.Rest;
import dev.bitacora.testkit.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a call costs the component's threads, each way to record in turn: with the broker up, paused
 * and killed; from 1, 2, 4 and 16 threads; at 20,000 calls a second and flat out. Each has a JVM of
 * its own; all are opened and warm before, while the broker is up. One thread's.
 */
public final class CallCosts {
  static final List<Integer> THREADS = List.of(1, 2, 4, 16);

  /**
   * Compilers share the processors with what is measured, and what works beside the calls is called
   * seldom: it is compiled late. After a minute still seven methods a second are compiled, after
   * two minutes some two. What has just been compiled makes the JVM stop all threads for 0.2 ms
   * once a second, to clean its inline caches.
   */
  private static final Duration WARM_UP = Duration.ofMinutes(2);

  /** The calls themselves are warm then. */
  private static final Duration FLAT_OUT_BEFORE = Duration.ofSeconds(6);

  /**
   * A component is at work, not at rest: threads and connections that sleep must wake first. What
   * an order to this benchmark's own code makes the JVM clean up is done within a second.
   */
  static final Duration LEAD_IN = Duration.ofMillis(1_500);

  /** What was recorded flat out takes a while to be delivered. */
  private static final Duration LONGEST_REST = Duration.ofSeconds(10);

  /** What was recorded while the broker was away is delivered before it goes away again. */
  private static final Duration LONGEST_DELIVERY = Duration.ofMinutes(1);

  private final KafkaBroker broker;
  private final Path folder;
  private final RoundPlan plan;
  private final Rest rest = new Rest();
  private final OtherPrograms others = new OtherPrograms();
  private final CostTable table = new CostTable();

  /**
   * Measures nothing yet.
   *
   * @param folder for spools and log files
   */
  public CallCosts(KafkaBroker broker, Path folder, RoundPlan plan) {
    this.broker = broker;
    this.folder = folder;
    this.plan = plan;
  }

  /** Measures, with a table for each of the broker's states. */
  public void measure() throws IOException {
    table.printConditions();
    Path files = Files.createDirectory(folder.resolve("calls"));
    table.printBytes(new Recorders(files, broker.bootstrapServers()).line());
    Map<Way, CallerProcess> callers = new EnumMap<>(Way.class);
    try {
      for (Way way : Way.values()) {
        callers.put(way, CallerProcess.open(way, broker.bootstrapServers(), files));
      }
      System.err.println("warming up");
      callers.values().forEach(CallCosts::warmUp);
      for (BrokerState state : BrokerState.values()) {
        state.enter(broker);
        try {
          settings(state).forEach(setting -> measure(setting, callers));
        } finally {
          state.leave(broker);
        }
        table.print(state);
        rest.await(LONGEST_DELIVERY);
      }
    } finally {
      // With the broker up, or peers would wait for it.
      callers.values().forEach(CallerProcess::close);
      Folders.remove(files);
    }
  }

  /**
   * In their order. What figures are promised for, one thread's paced calls, comes last with the
   * broker up: what works beside the calls is compiled by then. With the broker away it comes
   * first, while nothing waits for it.
   */
  static List<Setting> settings(BrokerState state) {
    List<Setting> settings = new ArrayList<>();
    for (boolean isPaced : new boolean[] {true, false}) {
      THREADS.forEach(threads -> settings.add(new Setting(state, threads, isPaced)));
    }
    if (state == BrokerState.UP) {
      Collections.reverse(settings);
    }
    return settings;
  }

  private static void warmUp(CallerProcess caller) {
    var unusedFlatOut = caller.flatOut(1, FLAT_OUT_BEFORE);
    var unusedPaced = caller.paced(1, Duration.ZERO, WARM_UP);
    caller.collect();
  }

  /** Each way takes its turn in each round, another one first every time. */
  private void measure(Setting setting, Map<Way, CallerProcess> callers) {
    System.err.println("measuring: " + setting);
    int wanted = plan.rounds(setting);
    List<Way> ways = List.copyOf(callers.keySet());
    for (int round = 0; round < plan.mostRounds(setting); round++) {
      for (int i = 0; i < ways.size(); i++) {
        Way way = ways.get((i + round) % ways.size());
        Rounds rounds = table.rounds(setting, way);
        if (rounds.undisturbed() < wanted) {
          rounds.add(round(setting, callers.get(way)));
        }
      }
    }
  }

  private Rounds.Round round(Setting setting, CallerProcess caller) {
    rest.await(LONGEST_REST);
    others.watch();
    CallerProcess.Answer answer = run(setting, caller);
    double disturbance = others.processors();
    double stolen = others.stolenProcessors();
    return new Rounds.Round(answer.run(), answer.lost(), disturbance, stolen);
  }

  private CallerProcess.Answer run(Setting setting, CallerProcess caller) {
    Duration duration = plan.duration(setting);
    return setting.isPaced()
        ? caller.paced(setting.threads(), setting.isJudged() ? LEAD_IN : Duration.ZERO, duration)
        : caller.flatOut(setting.threads(), duration);
  }

  /** Compares with what is promised: from one thread, paced. */
  public void judge(Figures figures) {
    Rounds up = judged(BrokerState.UP, Way.AUDIT_LOG);
    figures.atMost("audit-log-p50-us", up.percentile(50), 2);
    figures.atMost("audit-log-p99-us", up.percentile(99), 15);
    figures.atMost("audit-log-p99.9-us", up.percentile(99.9), 50);
    figures.atMost("audit-log-p50-to-best-peer", up.percentile(50) / bestPeer(), 0.5);
    for (BrokerState state : List.of(BrokerState.PAUSED, BrokerState.DOWN)) {
      Rounds without = judged(state, Way.AUDIT_LOG);
      String name = "audit-log-" + state.text();
      figures.atMost(name + "-p50-to-up", without.percentile(50) / up.percentile(50), 1.2);
      figures.atMost(name + "-p99-us", without.percentile(99), 1.2 * 15);
      figures.atMost(name + "-p99.9-us", without.percentile(99.9), 1.2 * 50);
    }
    double line = judged(BrokerState.UP, Way.AUDIT_APPENDER).percentile(50);
    figures.atMost("log-line-p50-us", line, bestPeer());
  }

  private double bestPeer() {
    return Stream.of(Way.values())
        .filter(Way::isPeer)
        .mapToDouble(way -> judged(BrokerState.UP, way).percentile(50))
        .min()
        .orElseThrow();
  }

  private Rounds judged(BrokerState state, Way way) {
    return table.rounds(new Setting(state, 1, true), way);
  }
}
