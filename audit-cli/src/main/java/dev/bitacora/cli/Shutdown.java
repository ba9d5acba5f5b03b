package dev.bitacora.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C and SIGTERM: closes a service in order before the process ends. Being asked to stop is no
 * failure, so the exit code is then 0, which the JVM by itself would make 130 or 143.
 */
final class Shutdown {
  private static volatile boolean exitCodeIsDecided;

  private final AutoCloseable service;
  private final PrintWriter err;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicBoolean closed = new AtomicBoolean();

  private Shutdown(AutoCloseable service, PrintWriter err) {
    this.service = service;
    this.err = err;
  }

  /** From now on the process's end closes the service first. */
  static Shutdown closes(AutoCloseable service, PrintWriter err) {
    Shutdown shutdown = new Shutdown(service, err);
    Runtime.getRuntime().addShutdownHook(new Thread(shutdown::whenAsked, "bitacora-shutdown"));
    return shutdown;
  }

  /** The program has come to its end by itself, with an exit code of its own. */
  static void exitCodeIsDecided() {
    exitCodeIsDecided = true;
  }

  private void whenAsked() {
    boolean stopWasAsked = !exitCodeIsDecided;
    now();
    if (stopWasAsked) {
      Runtime.getRuntime().halt(ExitCode.GOOD);
    }
  }

  /** Waits until the process is asked to end. */
  void await() throws InterruptedException {
    asked.await();
  }

  /** Closes the service; once, whoever asks. */
  void now() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      service.close();
    } catch (Exception e) {
      err.println("bitacora: did not stop cleanly: " + Failure.describe(e));
    }
    asked.countDown();
  }
}
