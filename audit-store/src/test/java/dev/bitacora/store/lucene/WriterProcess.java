package dev.bitacora.store.lucene;

import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Retention;
import dev.bitacora.store.TestEvents;
import dev.bitacora.store.WriteResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that writes without end and says which events the store took, to be killed. */
final class WriterProcess {
  static final int BATCH = 40;

  private WriterProcess() {}

  public static void main(String[] arguments) {
    LuceneStore store = new LuceneStore(Path.of(arguments[0]), Retention.DEFAULT);
    store.start();
    for (int from = 0; ; from += BATCH) {
      for (WriteResult result : store.write(batch(from))) {
        if (!result.equals(WriteResult.INDEXED)) {
          throw new IllegalStateException(result.toString());
        }
      }
      System.out.println(from + BATCH);
      System.out.flush();
    }
  }

  /** The events from one number on; a second stream writes log lines of many days. */
  static List<NewEvent> batch(int from) {
    List<NewEvent> events = new ArrayList<>();
    for (int i = from; i < from + BATCH; i++) {
      events.add(
          i % 2 == 0
              ? TestEvents.event(1, i)
              : TestEvents.logLine(
                  2, i, TestEvents.NOW.minusSeconds(i % 3 * 86_400L), "line " + i));
    }
    return events;
  }

  static Process start(Path directory) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            WriterProcess.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Reads until the store has taken so many events; how many it says. */
  static int awaitWritten(BufferedReader output, int atLeast) throws IOException {
    int written = 0;
    while (written < atLeast) {
      String line = output.readLine();
      if (line == null) {
        throw new IOException("the writer ended after " + written + " events");
      }
      written = Integer.parseInt(line);
    }
    return written;
  }
}
