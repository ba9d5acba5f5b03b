package dev.bitacora.bench.agent.calls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which processors threads of this process may run on, as Linux keeps it for each of them ({@code
 * sched_setaffinity(2)}, {@code /proc/thread-self}). Java has no call for it: {@code taskset} is
 * started, from util-linux. A thread that is started may run where its starter may. Thread-safe.
 */
final class Processors {
  private static final Path THREAD = Path.of("/proc/thread-self");
  private static final String ALLOWED = "Cpus_allowed_list:";
  private static final int LIMIT_SECONDS = 10;

  /** Threads may end while they are gone through, which fails. */
  private static final int ATTEMPTS = 5;

  /** All that this process may use; asked before any thread is kept from some. */
  private static final List<Integer> ALL = allowed();

  private static final List<Integer> FIRST = ALL.subList(0, 1);

  private Processors() {}

  /** How many this process may use; Java counts those of the asking thread. */
  static int count() {
    return ALL.size();
  }

  /** Keeps the current thread on the first processor. */
  static void bindToFirst() {
    if (allowed().equals(FIRST)) {
      return;
    }
    try {
      Path thread = Files.readSymbolicLink(THREAD).getFileName();
      if (!taskset(FIRST, thread.toString())) {
        throw new IllegalStateException("taskset cannot bind a thread to the first processor");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("this benchmark needs Linux", e);
    }
  }

  /** Keeps all threads of this process off the first processor; there are others. */
  static void leaveFirst() {
    allow(ALL.subList(1, ALL.size()));
  }

  /** All threads of this process, bound ones too, may run on each processor. */
  static void useAll() {
    allow(ALL);
  }

  /** Unless the current thread may run just there: then this was done before. */
  private static void allow(List<Integer> processors) {
    boolean isSo = allowed().equals(processors);
    for (int i = 0; i < ATTEMPTS && !isSo; i++) {
      isSo = taskset(processors, "--all-tasks", Long.toString(ProcessHandle.current().pid()));
    }
    if (!isSo) {
      throw new IllegalStateException("taskset cannot keep threads on processors " + processors);
    }
  }

  /** The current thread's, in ascending order. */
  static List<Integer> allowed() {
    try (Stream<String> lines = Files.lines(THREAD.resolve("status"))) {
      String ranges =
          lines
              .filter(line -> line.startsWith(ALLOWED))
              .map(line -> line.substring(ALLOWED.length()).strip())
              .findFirst()
              .orElseThrow(() -> new IllegalStateException(THREAD + "/status has no " + ALLOWED));
      return Stream.of(ranges.split(",", -1)).flatMap(Processors::range).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("this benchmark needs Linux", e);
    }
  }

  /** Of {@code 5} or {@code 2-4}. */
  private static Stream<Integer> range(String range) {
    String[] ends = range.split("-", 2);
    int first = Integer.parseInt(ends[0]);
    return IntStream.rangeClosed(first, ends.length == 1 ? first : Integer.parseInt(ends[1]))
        .boxed();
  }

  private static boolean taskset(List<Integer> processors, String... whom) {
    List<String> command = new ArrayList<>(List.of("taskset", "--cpu-list", "--pid"));
    command.addAll(List.of(whom));
    command.add(
        command.size() - 1,
        processors.stream().map(String::valueOf).collect(Collectors.joining(",")));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      boolean hasEnded = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      return hasEnded && process.exitValue() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException("install taskset (util-linux)", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
