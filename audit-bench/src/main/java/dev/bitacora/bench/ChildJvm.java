package dev.bitacora.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One of the harness's programs in a JVM of its own. It ends with this JVM, however that ends: the
 * program calls {@link #endWithParent} first, or reads its input to the end. One thread's own.
 */
public final class ChildJvm implements AutoCloseable {
  private static final int LINES_REMEMBERED = 20;
  private static final String END = "the program has ended";

  private final Process process;
  private final BufferedWriter input;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Deque<String> latest = new ArrayDeque<>();

  private ChildJvm(Process process) {
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "child-" + process.pid());
    reader.setDaemon(true);
    reader.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** Starts a program on this class path. */
  public static ChildJvm start(Class<?> program, List<String> jvmOptions, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(arguments);
    try {
      return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
    } catch (IOException e) {
      throw new UncheckedIOException("starting " + program.getName(), e);
    }
  }

  /** To be called by the program: from now on it ends when its parent does. */
  public static void endWithParent() {
    Thread watcher = new Thread(ChildJvm::awaitParentsEnd, "parent");
    watcher.setDaemon(true);
    watcher.start();
  }

  private static void awaitParentsEnd() {
    try {
      while (System.in.read() >= 0) {
        // nobody writes: the end of the pipe is what is waited for
      }
    } catch (IOException e) {
      // no pipe any more, which is the same
    }
    Runtime.getRuntime().halt(1);
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add(e.toString());
    }
    lines.add(END);
  }

  /**
   * Hands the program a line, for one that reads its input itself and so notices its parent's end.
   */
  public void tell(String line) {
    try {
      input.write(line);
      input.newLine();
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("telling a program \"" + line + "\"", e);
    }
  }

  /**
   * Waits for a line with this text; those before are left out.
   *
   * @throws IllegalStateException when there is none in time, with the last lines
   */
  public String awaitLine(String text, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      String line = next(deadline - System.nanoTime());
      if (line == null || line.equals(END)) {
        throw new IllegalStateException(
            "a program that should have said \"%s\" %s; its last lines:%n%s"
                .formatted(
                    text,
                    line == null ? "did not within " + limit : "ended",
                    String.join("\n", latest)));
      }
      if (line.contains(text)) {
        return line;
      }
    }
  }

  private String next(long nanos) {
    try {
      String line = lines.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
      if (line != null) {
        latest.add(line);
      }
      if (latest.size() > LINES_REMEMBERED) {
        latest.remove();
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Stops it where it stands (SIGSTOP), until {@link #resume}. It does not notice then that its
   * parent ends, which ends it.
   */
  public void pause() {
    signal("STOP");
  }

  /** Lets it go on (SIGCONT). */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Signals.send(name, process);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What it took of the processors so far. */
  public Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Ends it, if it has not ended, and waits until it is gone. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
