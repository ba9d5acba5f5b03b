package dev.bitacora.bench;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What Java cannot send to a process it started. */
public final class Signals {
  private Signals() {}

  /**
   * Returns once the signal is delivered.
   *
   * @param name without SIG: {@code STOP}, {@code CONT}, {@code TERM}
   */
  public static void send(String name, Process process) throws InterruptedException {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + name + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("sending SIG" + name, e);
    }
  }
}
