package dev.bitacora.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A server in a process of its own with a temporary directory for all it writes, and the ways to
 * break it. It dies and its directory vanishes with {@link #close} or with this JVM, even when that
 * is killed. A start that fails throws with the end of the server's log. Safe for any thread.
 */
public abstract sealed class RealServer implements AutoCloseable
    permits KafkaBroker, ElasticsearchNode, Alertmanager {
  private static final Duration START_LIMIT = Duration.ofSeconds(150);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int LOG_TAIL_CHARS = 6_000;
  private static final int FIRST_ERROR_CHARS = 3_000;

  private final String name;
  private final Guard guard;
  private long started;
  private long logStart;

  /**
   * Options for the servers' JVMs, separated by blanks. The build sets them for tests, whose
   * servers live too short for the compiler that a benchmark's must have.
   */
  static final String JVM_OPTIONS = "bitacora.engines.jvm";

  RealServer(String name, Guard guard) {
    this.name = name;
    this.guard = guard;
  }

  /** Whether the server that was started last answers its clients. */
  abstract boolean isReady();

  abstract List<String> command();

  static List<String> jvmOptions() {
    return Stream.of(System.getProperty(JVM_OPTIONS, "").split(" ", -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** The server's process, given the one we started, which may be a launcher. */
  long serverPid(long startedPid) {
    return startedPid;
  }

  /** The server's process. */
  public final synchronized long pid() {
    return serverPid(started);
  }

  /** Where the server keeps everything it writes. */
  public final Path directory() {
    return guard.directory();
  }

  /** Ends the server with SIGKILL, as a power cut of its own; its data stays. */
  public final synchronized void kill() {
    guard.signal("KILL", pid());
    requireExit();
  }

  /** Freezes the server with SIGSTOP: connections stay open and nothing answers. */
  public final synchronized void pause() {
    long pid = pid();
    guard.signal("STOP", pid);
    awaitStandstill(Path.of("/proc", Long.toString(pid), "task"));
  }

  /**
   * A signal is delivered to one thread, and until that one runs, which takes a while on a busy
   * machine, the others go on answering. Linux tells; elsewhere it is hoped for.
   */
  private void awaitStandstill(Path threads) {
    long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
    while (Files.isDirectory(threads) && !standStill(threads)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(directory() + ": does not stand still: " + threads);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** See proc_pid_stat(5): the state follows the name, which may hold anything but ends with it. */
  private static boolean standStill(Path threads) {
    try (Stream<Path> all = Files.list(threads)) {
      for (Path thread : all.toList()) {
        String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
        if (!stat.startsWith("T", stat.lastIndexOf(')') + 2)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) { // a thread has just ended
      return false;
    }
  }

  /** Lets a paused server go on. */
  public final synchronized void resume() {
    guard.signal("CONT", pid());
  }

  /** Ends the server in its own good time; its data stays. */
  public final synchronized void stop() {
    guard.signal("CONT", pid());
    guard.signal("TERM", pid());
    requireExit();
  }

  /**
   * Starts the server again on the same port and data, after stopping it if it runs, and returns
   * when it is ready.
   */
  public final synchronized void restart() {
    if (!guard.exit().isDone()) {
      stop();
    }
    startProcess();
  }

  /** Kills the server and removes its directory. Idempotent. */
  @Override
  public final synchronized void close() {
    guard.close();
  }

  /** Starts the server and returns when it is ready. */
  final synchronized void startProcess() {
    logStart = log().toFile().length();
    started = guard.run(command());
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    do {
      if (exitsWithin(POLL)) {
        throw failure("ended with exit code " + guard.exit().join() + " instead of starting");
      }
      if (System.nanoTime() > deadline) {
        throw failure(
            "(pid %d) was not ready after %d s".formatted(started, START_LIMIT.toSeconds()));
      }
    } while (!isReady());
  }

  /** Runs a command in the server's directory to its end, before the server is started. */
  final void prepare(List<String> command) {
    guard.run(command);
    if (!exitsWithin(START_LIMIT) || guard.exit().join() != 0) {
      throw failure("could not be prepared");
    }
  }

  /** Whether the log of the run that was started last holds this text. */
  final boolean hasLogged(String text) {
    try {
      return logSinceStart().contains(text);
    } catch (IOException noLogYet) {
      return false;
    }
  }

  final IllegalStateException failure(String whatHappened) {
    return new IllegalStateException(
        "%s %s; the end of its log:%n%s".formatted(name, whatHappened, logTail()));
  }

  private void requireExit() {
    if (!exitsWithin(STOP_LIMIT)) {
      throw failure(
          "(pid %d) was still running %d s after it was told to end"
              .formatted(pid(), STOP_LIMIT.toSeconds()));
    }
  }

  private boolean exitsWithin(Duration limit) {
    try {
      guard.exit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException stillRunning) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("an exit is never completed exceptionally", impossible);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(name + ": interrupted while waiting for it", e);
    }
  }

  private Path log() {
    return directory().resolve("console.log");
  }

  /** The log's end, and before it the first error where a long shutdown has come in between. */
  private String logTail() {
    try {
      String log = logSinceStart();
      int tail = Math.max(0, log.length() - LOG_TAIL_CHARS);
      int error = log.indexOf("ERROR");
      if (error < 0 || error >= tail) {
        return log.substring(tail);
      }
      int line = log.lastIndexOf('\n', error) + 1;
      int end = Math.min(tail, line + FIRST_ERROR_CHARS);
      return log.substring(line, end) + "\n[...]\n" + log.substring(tail);
    } catch (IOException e) {
      return "(unreadable: " + e + ")";
    }
  }

  private String logSinceStart() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "r")) {
      file.seek(logStart);
      byte[] bytes = new byte[(int) Math.max(0, file.length() - logStart)];
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
