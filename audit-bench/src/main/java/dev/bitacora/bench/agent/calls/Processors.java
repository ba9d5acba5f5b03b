package dev.bitacora.bench.agent.calls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Which processors threads of this process may run on, as Linux keeps it for each of them ({@code
 * sched_setaffinity(2)}, {@code /proc/thread-self}). Java has no call for it: {@code taskset} is
 * started, from util-linux. A thread that is started may run where its starter may. Thread-safe.
 */
final class Processors {
  /** How many this process has; Java counts those that the asking thread may run on just now. */
  static final int COUNT = Runtime.getRuntime().availableProcessors();

  private static final Path THREAD = Path.of("/proc/thread-self");
  private static final String ALLOWED = "Cpus_allowed_list:";
  private static final String FIRST = "0";
  private static final int LIMIT_SECONDS = 10;

  /** Threads may end while they are gone through, which fails. */
  private static final int ATTEMPTS = 5;

  private Processors() {}

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
    int last = COUNT - 1;
    allow(last == 1 ? "1" : "1-" + last);
  }

  /** All threads of this process, bound ones too, may run on each processor. */
  static void useAll() {
    int last = COUNT - 1;
    allow(last == 0 ? FIRST : "0-" + last);
  }

  /** Unless the current thread may run just there: then this was done before. */
  private static void allow(String processors) {
    boolean isSo = allowed().equals(processors);
    for (int i = 0; i < ATTEMPTS && !isSo; i++) {
      isSo = taskset(processors, "--all-tasks", Long.toString(ProcessHandle.current().pid()));
    }
    if (!isSo) {
      throw new IllegalStateException("taskset cannot keep threads on processors " + processors);
    }
  }

  /** The current thread's, in the kernel's words: 0-3,7. */
  static String allowed() {
    try {
      return Files.readAllLines(THREAD.resolve("status")).stream()
          .filter(line -> line.startsWith(ALLOWED))
          .map(line -> line.substring(ALLOWED.length()).strip())
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(THREAD + "/status has no " + ALLOWED));
    } catch (IOException e) {
      throw new UncheckedIOException("this benchmark needs Linux", e);
    }
  }

  private static boolean taskset(String processors, String... whom) {
    List<String> command = new ArrayList<>(List.of("taskset", "--cpu-list", "--pid"));
    command.addAll(List.of(whom));
    command.add(command.size() - 1, processors);
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
