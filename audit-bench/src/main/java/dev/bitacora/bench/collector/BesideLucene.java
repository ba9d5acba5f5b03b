package dev.bitacora.bench.collector;

import dev.bitacora.bench.ChildJvm;
import dev.bitacora.bench.Figures;
import dev.bitacora.bench.Folders;
import dev.bitacora.bench.OtherPrograms;
import dev.bitacora.bench.Rest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Through the embedded service's intake into its store, beside Lucene alone with the same
 * documents; each in a JVM of its own that has not run before, with little memory; as many events
 * before them are not measured. One thread's.
 */
final class BesideLucene {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration LONGEST_REST = Duration.ofSeconds(20);

  private final Path folder;
  private final int events;
  private final Rest rest = new Rest();
  private final OtherPrograms others = new OtherPrograms();
  private final Rates rates = new Rates();

  /**
   * Measures nothing yet.
   *
   * @param folder for the indices
   */
  BesideLucene(Path folder, int events) {
    this.folder = folder;
    this.events = events;
  }

  /** Measures, a line for each round. */
  void measure() {
    System.out.printf(
        "Into the embedded store: %,d events through the intake, and the same documents into Lucene"
            + " alone, after as many that are not measured%n",
        events);
    rates.measure("intake", () -> run("intake"), "Lucene alone", () -> run("lucene"));
  }

  private Rates.Run run(String way) {
    try {
      Path index = Files.createTempDirectory(folder, way);
      rest.await(LONGEST_REST);
      try (ChildJvm program =
          ChildJvm.start(
              LuceneIndexing.class,
              CollectorProgram.JVM,
              List.of(way, index.toString(), Integer.toString(events)))) {
        return Rates.result(program, others, LIMIT);
      } finally {
        Folders.remove(index);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Events a second through the intake. */
  double perSecond() {
    return rates.perSecond();
  }

  /** Compares with what is promised. */
  void judge(Figures figures) {
    figures.atLeast("embedded-to-lucene", rates.ratio(), 0.7);
  }
}
