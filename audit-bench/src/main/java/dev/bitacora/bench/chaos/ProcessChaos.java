package dev.bitacora.bench.chaos;

import dev.bitacora.agent.AuditConfig;
import dev.bitacora.agent.SpoolDrain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Many processes of one component: one after the other, which must all use the same slot, and
 * beside each other, of which some are killed. Then an operator drains the spool and the judge
 * counts.
 *
 * <p>Exit code 0 when nothing is missing and the slots are as they should be, 1 when not, 2 when
 * that could not be found out, 3 for wrong usage.
 */
public final class ProcessChaos {
  private static final Duration LIFE_LIMIT = Duration.ofMinutes(2);
  private static final Duration DRAIN_LIMIT = Duration.ofMinutes(4);
  private static final int EVENTS_PER_THREAD = 10;
  private static final int REPORT_EVERY = 50;

  private final ProcessOptions options;
  private final Scene scene;

  private ProcessChaos(ProcessOptions options, Scene scene) {
    this.options = options;
    this.scene = scene;
  }

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    ProcessOptions options;
    try {
      options = ProcessOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(ProcessOptions.USAGE);
      return 3;
    }
    return Scene.play(scene -> new ProcessChaos(options, scene).run());
  }

  private int run() throws IOException, InterruptedException {
    oneAfterTheOther();
    int slotsInARow = slots();
    besideEachOther();
    int slots = slots();
    drain();
    Verdict verdict = scene.judge();
    verdict.findings().forEach(finding -> Scene.print("found: %s", finding));
    Scene.print(
        "sequential=%d slots=%d parallel=%d killed=%d slots=%d %s",
        options.sequential(),
        slotsInARow,
        options.parallel(),
        options.killed(),
        slots,
        scene.figures(verdict));
    boolean areSlotsUsedAgain = slotsInARow <= 1 && slots <= Math.max(1, options.parallel());
    return verdict.isGood() && areSlotsUsedAgain ? 0 : 1;
  }

  private void oneAfterTheOther() throws IOException, InterruptedException {
    for (int i = 1; i <= options.sequential(); i++) {
      ComponentProcess component = brief("sequential-" + i, i);
      component.awaitEnd(LIFE_LIMIT);
      take(component);
      if (i % REPORT_EVERY == 0) {
        Scene.print("%d processes in a row, %d receipts", i, scene.receipts().size());
      }
    }
  }

  private ComponentProcess brief(String name, int seed) throws IOException {
    return scene.start(
        Optional.empty(), name, Integer.toString(seed), Integer.toString(EVENTS_PER_THREAD));
  }

  private void besideEachOther() throws IOException, InterruptedException {
    List<ComponentProcess> components = new ArrayList<>();
    for (int i = 0; i < options.parallel(); i++) {
      String name = "parallel-" + (i + 1);
      components.add(
          i < options.killed()
              ? scene.start(Optional.empty(), name, Integer.toString(i))
              : brief(name, i));
    }
    for (ComponentProcess component : components.subList(0, options.killed())) {
      component.awaitFirstReceipt();
      component.kill();
      take(component);
    }
    for (ComponentProcess component : components.subList(options.killed(), components.size())) {
      component.awaitEnd(LIFE_LIMIT);
      take(component);
    }
    Scene.print(
        "%d processes beside each other, %d of them killed, %d receipts",
        options.parallel(), options.killed(), scene.receipts().size());
  }

  private void take(ComponentProcess component) throws IOException {
    int unused = scene.receipts().add(component.receipts());
  }

  private int slots() throws IOException {
    try (Stream<Path> folders = Files.walk(scene.spool(), 2)) {
      return (int) folders.filter(f -> f.getFileName().toString().matches("slot-[0-9]+")).count();
    }
  }

  private void drain() throws IOException {
    AuditConfig config =
        AuditConfig.builder()
            .kafka(Map.of("bootstrap.servers", scene.broker().bootstrapServers()))
            .spoolDir(scene.spool())
            .quiet(true)
            .build();
    SpoolDrain.Result result = new SpoolDrain(config, line -> {}).run(DRAIN_LIMIT);
    Scene.print(
        "drained: %d slots had something left, %d are empty", result.slots(), result.emptied());
  }
}
