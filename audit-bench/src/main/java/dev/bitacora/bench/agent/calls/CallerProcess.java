package dev.bitacora.bench.agent.calls;

import dev.bitacora.bench.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A {@link Caller} in a JVM of its own, as each way to record has in a component: what one leaves
 * to be collected, compiled or delivered is not paid for by another. One thread's.
 */
final class CallerProcess implements AutoCloseable {
  /**
   * Young objects have as much room as in the program itself; all of it is touched before. The
   * JVM's own statistics are not in a file's memory: a collection that writes to them while the
   * kernel writes them to the disk takes milliseconds more, with all threads stopped.
   */
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+AlwaysPreTouch",
          "-XX:+PerfDisableSharedMem",
          "-Xms1g",
          "-Xmx1g",
          "-Xmn640m");

  /** What a call that blocks may add to a run, and a slow start. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final ChildJvm jvm;

  private CallerProcess(ChildJvm jvm) {
    this.jvm = jvm;
  }

  /**
   * What became of a run.
   *
   * @param lost calls of which nothing is kept
   */
  record Answer(Crew.Run run, long lost) {}

  /** Opens one way to record; the broker is up. */
  static CallerProcess open(Way way, String bootstrapServers, Path folder) throws IOException {
    Path own = Files.createDirectory(folder.resolve(way.name()));
    CallerProcess caller =
        new CallerProcess(
            ChildJvm.start(
                Caller.class, JVM, List.of(way.name(), bootstrapServers, own.toString())));
    caller.jvm.awaitLine(Caller.DONE, LIMIT);
    return caller;
  }

  /**
   * Calls at the rate that figures are promised for.
   *
   * @param leadIn how long before it counts
   */
  Answer paced(int threads, Duration leadIn, Duration duration) {
    return run(Caller.PACED, threads, leadIn, duration);
  }

  /** Calls as often as possible. */
  Answer flatOut(int threads, Duration duration) {
    return run(Caller.FLAT_OUT, threads, Duration.ZERO, duration);
  }

  private Answer run(String how, int threads, Duration leadIn, Duration duration) {
    jvm.tell(how + " " + threads + " " + leadIn.toMillis() + " " + duration.toMillis());
    Duration limit = leadIn.plus(duration).plus(LIMIT);
    String[] answer = jvm.awaitLine(Caller.DONE, limit).split(" ", 3);
    return new Answer(Crew.Run.parse(answer[2]), Long.parseLong(answer[1]));
  }

  /**
   * Collects all of the heap, as a component's has been that is at work for long: what the start
   * has left among the young objects would be copied by each collection that follows.
   */
  void collect() {
    jvm.tell(Caller.COLLECT);
    var unused = jvm.awaitLine(Caller.DONE, LIMIT);
  }

  /** Closes the way to record, with the broker up, and ends the process. */
  @Override
  public void close() {
    try (jvm) {
      jvm.tell(Caller.CLOSE);
      var unused = jvm.awaitLine(Caller.DONE, LIMIT);
    }
  }
}
