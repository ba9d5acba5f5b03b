package dev.bitacora.bench.agent.calls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Which processors a thread may run on, as Linux keeps it for each thread ({@code
 * sched_setaffinity(2)}, {@code /proc/thread-self}). Java has no call for it: {@code taskset} is
 * started, from util-linux. Thread-safe.
 */
final class Processors {
  private static final Path THREAD = Path.of("/proc/thread-self");
  private static final String ALLOWED = "Cpus_allowed_list:";
  private static final int LIMIT_SECONDS = 10;

  private Processors() {}

  /**
   * Keeps the current thread on the first processor from now on. Where it is already, nothing is
   * done.
   */
  static void bindToFirst() {
    if (allowed().equals("0")) {
      return;
    }
    try {
      Path thread = Files.readSymbolicLink(THREAD).getFileName();
      run("taskset", "--pid", "--cpu-list", "0", thread.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("install taskset (util-linux)", e);
    }
    if (!allowed().equals("0")) {
      throw new IllegalStateException("a thread may run on processors " + allowed() + ", not 0");
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

  private static void run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException("failed: " + String.join(" ", command));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
