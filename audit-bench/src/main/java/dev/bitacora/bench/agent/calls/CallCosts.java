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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a call costs the component's threads, each way to record in turn: with the broker up, paused
 * and killed; from 1, 2, 4 and 16 threads; at 20,000 calls a second and flat out. All are opened
 * and warm while the broker is up. One thread's.
 */
public final class CallCosts {
  static final List<Integer> THREADS = List.of(1, 2, 4, 16);

  /** Compilers share the processors with what is measured. */
  private static final Duration FIRST_WARM_UP = Duration.ofSeconds(6);

  private static final Duration WARM_UP = Duration.ofMillis(300);

  private static final Duration LEAD_IN = Duration.ofSeconds(1);

  /** What was recorded flat out takes a while to be delivered. */
  private static final Duration LONGEST_REST = Duration.ofSeconds(10);

  private final KafkaBroker broker;
  private final Path folder;
  private final RoundPlan plan;
  private final Rest rest = new Rest();
  private final OtherPrograms others = new OtherPrograms();
  private final CostTable table = new CostTable();
  private Duration warmUp = FIRST_WARM_UP;

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
    for (BrokerState state : BrokerState.values()) {
      Path files = Files.createDirectory(folder.resolve(state.text()));
      Recorders recorders = new Recorders(files, broker.bootstrapServers());
      if (state == BrokerState.UP) {
        table.printBytes(recorders.line());
      }
      measure(state, recorders);
      table.print(state);
      Folders.remove(files);
    }
  }

  private void measure(BrokerState state, Recorders recorders) {
    Map<Way, Recorder> opened = new EnumMap<>(Way.class);
    try {
      for (Way way : Way.values()) {
        opened.put(way, recorders.open(way));
      }
      opened.values().forEach(this::warmUp);
      warmUp = WARM_UP;
      state.enter(broker);
      try {
        measure(state, opened);
      } finally {
        state.leave(broker);
      }
    } finally {
      // With the broker up, or peers would wait for it.
      opened.values().forEach(Recorder::close);
    }
  }

  private void measure(BrokerState state, Map<Way, Recorder> opened) {
    for (boolean isPaced : new boolean[] {true, false}) {
      for (int threads : THREADS) {
        measure(new Setting(state, threads, isPaced), opened);
      }
    }
  }

  private void warmUp(Recorder recorder) {
    var unusedFlatOut = Crew.flatOut(1, warmUp.dividedBy(2), recorder::record);
    var unusedPaced = Crew.paced(1, Setting.PER_SECOND, warmUp, recorder::record);
  }

  /** Each way takes its turn in each round, another one first every time. */
  private void measure(Setting setting, Map<Way, Recorder> opened) {
    System.err.println("measuring: " + setting);
    int wanted = plan.rounds(setting);
    List<Way> ways = List.copyOf(opened.keySet());
    for (int round = 0; round < plan.mostRounds(setting); round++) {
      for (int i = 0; i < ways.size(); i++) {
        Way way = ways.get((i + round) % ways.size());
        Rounds rounds = table.rounds(setting, way);
        if (rounds.undisturbed() < wanted) {
          rounds.add(round(setting, opened.get(way)));
        }
      }
    }
  }

  private Rounds.Round round(Setting setting, Recorder recorder) {
    rest.await(LONGEST_REST);
    if (setting.isJudged()) {
      // A component is at work, not at rest: threads and connections that sleep must wake first.
      var unused = Crew.paced(setting.threads(), Setting.PER_SECOND, LEAD_IN, recorder::record);
    }
    long lostBefore = recorder.lost();
    others.watch();
    Crew.Run run = run(setting, recorder);
    double disturbance = others.processors();
    double stolen = others.stolenProcessors();
    return new Rounds.Round(run, recorder.lost() - lostBefore, disturbance, stolen);
  }

  private Crew.Run run(Setting setting, Recorder recorder) {
    Duration duration = plan.duration(setting);
    return setting.isPaced()
        ? Crew.paced(setting.threads(), Setting.PER_SECOND, duration, recorder::record)
        : Crew.flatOut(setting.threads(), duration, recorder::record);
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
