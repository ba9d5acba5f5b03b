package dev.bitacora.bench.agent.calls;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * A component that records in one way and no other. Arguments: the {@link Way}, the broker, a
 * folder for spools and log files. It takes orders line by line from its standard input, says
 * {@code done …} after each, and ends with its input.
 */
final class Caller {
  static final String PACED = "paced";
  static final String FLAT_OUT = "flat-out";
  static final String COLLECT = "collect";
  static final String CLOSE = "close";
  static final String DONE = "done";

  private Caller() {}

  public static void main(String[] arguments) throws IOException {
    if (LoggerFactory.getLogger("org.apache.kafka") instanceof Logger kafka) {
      kafka.setLevel(Level.OFF); // the broker goes away on purpose
    }
    Recorder recorder =
        new Recorders(Path.of(arguments[2]), arguments[1]).open(Way.valueOf(arguments[0]));
    // Threads that a first call starts, such as a lazy producer's, may run where their starter may:
    // this one is not bound to a processor.
    recorder.record();
    System.out.println(DONE);
    try (var orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        System.out.println(DONE + obey(List.of(order.split(" ", -1)), recorder));
      }
    } finally {
      // Whoever blocks must not keep a component whose parent is gone.
      Runtime.getRuntime().halt(0);
    }
  }

  private static String obey(List<String> order, Recorder recorder) {
    switch (order.get(0)) {
      case CLOSE -> recorder.close();
      case COLLECT -> System.gc();
      default -> {
        return " " + run(order, recorder);
      }
    }
    return "";
  }

  private static String run(List<String> order, Recorder recorder) {
    int threads = Integer.parseInt(order.get(1));
    Duration leadIn = Duration.ofMillis(Long.parseLong(order.get(2)));
    Duration duration = Duration.ofMillis(Long.parseLong(order.get(3)));
    if (Crew.isBound(threads)) {
      Processors.leaveFirst(); // all but the caller itself
    } else {
      Processors.useAll();
    }
    long lostBefore = recorder.lost();
    Crew.Run run =
        order.get(0).equals(PACED)
            ? Crew.paced(threads, Setting.PER_SECOND, leadIn, duration, recorder::record)
            : Crew.flatOut(threads, duration, recorder::record);
    return (recorder.lost() - lostBefore) + " " + run.toLine();
  }
}
