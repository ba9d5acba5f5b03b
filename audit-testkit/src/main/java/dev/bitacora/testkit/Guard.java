package dev.bitacora.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A shell process that owns a temporary directory and at most one server in it, and destroys both
 * as soon as this JVM closes the pipe between them: by {@link #close}, by its end, or by being
 * killed. The protocol is described in {@code guard.sh}. Safe for any thread.
 */
final class Guard implements AutoCloseable {
  private static final long ANSWER_SECONDS = 30;

  private final Process shell;
  private final PrintStream commands;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Path directory;
  private volatile CompletableFuture<Integer> exit = CompletableFuture.completedFuture(0);

  private Guard(Process shell) {
    this.shell = shell;
    this.commands = new PrintStream(shell.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "testkit-guard-" + shell.pid());
    reader.setDaemon(true);
    reader.start();
    this.directory = Path.of(answer("directory"));
  }

  /**
   * Starts a guard whose directory lies in {@code java.io.tmpdir} and is named after the server.
   */
  static Guard start(String server) {
    try {
      return new Guard(
          new ProcessBuilder(
                  "sh", "-c", script(), "guard", System.getProperty("java.io.tmpdir"), server)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(server + ": could not start a shell to guard it", e);
    }
  }

  private static String script() throws IOException {
    try (InputStream in = Guard.class.getResourceAsStream("guard.sh")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  Path directory() {
    return directory;
  }

  /**
   * Runs a command in the directory, its output appended to {@code console.log}; returns its pid.
   */
  synchronized long run(List<String> words) {
    if (!exit.isDone()) {
      throw new IllegalStateException(directory + ": the process before is still running");
    }
    exit = new CompletableFuture<>();
    commands.println("run");
    commands.println(words.size());
    words.forEach(commands::println);
    return Long.parseLong(answer("started"));
  }

  /** The exit code of the last command, when it has one. */
  CompletableFuture<Integer> exit() {
    return exit;
  }

  /** Sends a signal, {@code KILL} or {@code STOP}, and returns once it is delivered. */
  synchronized void signal(String name, long pid) {
    commands.println("signal");
    commands.println(name);
    commands.println(pid);
    if (!answer("signalled").equals("0")) {
      throw new IllegalStateException(
          directory + ": no process " + pid + " to send SIG" + name + " to");
    }
  }

  /** Kills the server, removes the directory and returns when both are gone. */
  @Override
  public void close() {
    commands.close();
    try {
      if (!shell.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(directory + ": could not be removed");
      }
    } catch (InterruptedException e) {
      // The guard goes on without us.
      Thread.currentThread().interrupt();
    }
  }

  private String answer(String expected) {
    try {
      String line = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
      if (line == null || !line.startsWith(expected + " ")) {
        throw new IllegalStateException(
            "the server's guard (pid %d) should have answered \"%s …\" and answered: %s"
                .formatted(shell.pid(), expected, line));
      }
      return line.substring(expected.length() + 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the server's guard", e);
    }
  }

  private void read() {
    try (BufferedReader lines = shell.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("exited ")) {
          exit.complete(Integer.parseInt(line.substring("exited ".length())));
        } else {
          answers.add(line);
        }
      }
    } catch (IOException e) {
      answers.add("an error: " + e);
    }
    exit.complete(-1);
    answers.add("nothing: it has ended");
  }
}
