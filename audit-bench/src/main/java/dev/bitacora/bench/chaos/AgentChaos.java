package dev.bitacora.bench.chaos;

import dev.bitacora.bench.chaos.RoundPlan.Death;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Kills a recording component again and again, while its Kafka broker is killed, paused and started
 * again, and then compares what the component was told with what stands in the topics. The judge is
 * outside: this process keeps the receipts and reads the topics with its own consumer.
 *
 * <p>Exit code 0 when nothing that was accepted is missing, 1 when something is or a stream is
 * broken, 2 when that could not be found out, 3 for wrong usage.
 */
public final class AgentChaos {
  /** Fewer would prove little. */
  private static final int LEAST_RECEIPTS_PER_ROUND = 500;

  private static final int ROUNDS_PER_HOLE = 20;

  private final ChaosOptions options;
  private final Scene scene;
  private final Weather weather;
  private final Optional<Path> patch;
  private final Map<String, Integer> counts = new TreeMap<>();

  private AgentChaos(ChaosOptions options, Scene scene, Weather weather) throws IOException {
    this.options = options;
    this.scene = scene;
    this.weather = weather;
    this.patch = options.sabotage().map(sabotage -> scene.work().resolve(sabotage.name()));
    if (patch.isPresent()) {
      Path root = Path.of(System.getProperty("bitacora.root", "."));
      options.sabotage().orElseThrow().compileInto(root, patch.get());
    }
  }

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    ChaosOptions options;
    try {
      options = ChaosOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(ChaosOptions.USAGE);
      return 3;
    }
    print("seed=%d", options.seed());
    return Scene.play(
        scene -> {
          try (Weather weather = new Weather(scene.broker())) {
            return new AgentChaos(options, scene, weather).run();
          }
        });
  }

  private int run() throws IOException, InterruptedException {
    List<RoundPlan> plans = RoundPlan.of(options.rounds(), options.seed());
    for (int i = 0; i < plans.size(); i++) {
      play(i + 1, plans.get(i));
    }
    weather.clear();
    scene.deliver(patch);
    return tell(scene.judge());
  }

  private void play(int number, RoundPlan plan) throws IOException, InterruptedException {
    BrokerFault.State before = weather.state();
    weather.bring(plan.fault(), plan.faultDelay());
    ComponentProcess component = scene.start(patch, "round-" + number, Long.toString(plan.seed()));
    live(component, plan);
    component.kill();
    int told = scene.receipts().add(component.receipts());
    count("component " + plan.death().meaning());
    count("broker " + plan.fault().meaning());
    if (plan.heldClaims() > 0 && plan.death() == Death.RECORDING) {
      count("killed with claims held");
    }
    print(
        "round %d/%d: component %s, broker %s, %s; %,d receipts",
        number,
        options.rounds(),
        plan.death().meaning(),
        before.name().toLowerCase(Locale.ROOT),
        plan.fault().meaning(),
        told);
  }

  private static void live(ComponentProcess component, RoundPlan plan)
      throws IOException, InterruptedException {
    if (plan.death() == Death.EARLY) {
      pause(plan.life());
      return;
    }
    component.awaitFirstReceipt();
    if (plan.death() == Death.STRAGGLING) {
      component.order("hold 1 " + RoundPlan.STRAGGLE.toMillis());
    }
    pause(plan.life());
    component.order("storm");
    if (plan.death() == Death.RECORDING && plan.heldClaims() > 0) {
      component.order("hold " + plan.heldClaims() + " 60000");
    }
    pause(plan.storm());
  }

  private static void pause(Duration duration) throws InterruptedException {
    Thread.sleep(duration.toMillis());
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  private int tell(Verdict verdict) {
    counts.forEach((what, times) -> print("%5d × %s", times, what));
    verdict.findings().forEach(finding -> print("found: %s", finding));
    print("holes=%d", verdict.holes());
    print("rounds=%d %s", options.rounds(), scene.figures(verdict));
    if (!verdict.isGood()) {
      return 1;
    }
    return isMeaningful(verdict) ? 0 : 2;
  }

  private boolean isMeaningful(Verdict verdict) {
    boolean meaningful =
        scene.receipts().size() >= LEAST_RECEIPTS_PER_ROUND * options.rounds()
            && verdict.holes() >= options.rounds() / ROUNDS_PER_HOLE;
    if (!meaningful) {
      System.err.println(
          "chaos: too few receipts or holes to prove anything; is the spool's folder on a file"
              + " system that can be mapped?");
    }
    return meaningful;
  }

  private static void print(String format, Object... values) {
    Scene.print(format, values);
  }
}
