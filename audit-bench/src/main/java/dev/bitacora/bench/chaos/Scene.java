package dev.bitacora.bench.chaos;

import dev.bitacora.bench.kafka.Topics;
import dev.bitacora.core.wire.WireRecord;
import dev.bitacora.testkit.KafkaBroker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What every way of breaking components needs: a real broker, a folder, the receipts that the
 * components told, and the judge that compares them with what stands in the topics. One thread's.
 */
final class Scene {
  private static final Duration DELIVERY_LIMIT = Duration.ofSeconds(270);

  private final Path work;
  private final Path spool;
  private final KafkaBroker broker;
  private final Topics topics;
  private final Receipts receipts = new Receipts();

  private Scene(Path work, Path spool, KafkaBroker broker) {
    this.work = work;
    this.spool = spool;
    this.broker = broker;
    this.topics = new Topics(broker.bootstrapServers());
    topics.create(Topics.AUDIT, Topics.LOG);
  }

  /** What happens on a scene; its answer is the exit code. */
  @FunctionalInterface
  interface Play {
    int perform(Scene scene) throws IOException, InterruptedException;
  }

  /** Sets the scene and lets the play be performed; exit code 2 when that could not be. */
  static int play(Play play) {
    return play(work -> work.resolve("spool"), play);
  }

  /** Where the components' spools are, given the folder of everything else. */
  @FunctionalInterface
  interface Place {
    Path of(Path work) throws IOException;
  }

  static int play(Place place, Play play) {
    try {
      Path work = Files.createTempDirectory("bitacora-chaos");
      int code;
      try (KafkaBroker broker = KafkaBroker.start()) {
        code = play.perform(new Scene(work, place.of(work), broker));
      } catch (IOException | RuntimeException e) {
        System.err.println("chaos: spool and logs of the components are in " + work);
        throw e;
      }
      if (code == 0) {
        remove(work);
      } else {
        print("receipts and logs of the components are in %s", work);
      }
      return code;
    } catch (IOException | RuntimeException e) {
      System.err.println("chaos: could not be carried out: " + e);
      return 2;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 2;
    }
  }

  Path work() {
    return work;
  }

  Path spool() {
    return spool;
  }

  KafkaBroker broker() {
    return broker;
  }

  Receipts receipts() {
    return receipts;
  }

  /** Starts a component; the patch replaces classes of its agent. */
  ComponentProcess start(Optional<Path> patch, String name, String... arguments)
      throws IOException {
    return ComponentProcess.start(
        work, spool, broker.bootstrapServers(), patch, name, List.of(arguments));
  }

  /** Lets a last component deliver what is left in its slot. */
  void deliver(Optional<Path> patch) throws IOException, InterruptedException {
    print("the broker is up; a last component delivers what is left");
    start(patch, "last", "deliver").awaitEnd(DELIVERY_LIMIT);
  }

  /** Keeps a list of what was read, for whoever has to find out why something is missing. */
  Verdict judge() throws IOException {
    Verdict verdict = new Verdict();
    try (PrintWriter list =
        new PrintWriter(Files.newBufferedWriter(work.resolve("delivered.txt")))) {
      topics.read(Topics.AUDIT, stored -> verdict.audit(listed(stored, list)));
      topics.read(Topics.LOG, stored -> verdict.log(listed(stored, list)));
    }
    verdict.decide(receipts);
    return verdict;
  }

  private static WireRecord listed(Topics.Stored stored, PrintWriter list) {
    WireRecord wire = stored.wire();
    list.println(stored.place() + " " + wire.position() + " " + wire.kind());
    return wire;
  }

  /** The line by which a run is known. */
  String figures(Verdict verdict) {
    return String.format(
        Locale.ROOT,
        "acknowledged=%d delivered=%d lost=%d unexplained-gaps=%d broken-links=%d",
        receipts.size(),
        verdict.delivered(),
        verdict.lost(),
        verdict.unexplainedGaps(),
        verdict.brokenLinks());
  }

  static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  private static void remove(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
