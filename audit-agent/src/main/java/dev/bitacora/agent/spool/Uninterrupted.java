package dev.bitacora.agent.spool;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Work with a {@code FileChannel} that an interrupt must not end: it would close the channel, and
 * an interrupted caller would be told that there is no room on the disk.
 */
final class Uninterrupted {
  private Uninterrupted() {}

  /** Opens the channel that it uses, so that it can be done again. */
  @FunctionalInterface
  interface Work<T> {
    T perform() throws IOException;
  }

  /** Performs the work, whether this thread is interrupted or not; it stays interrupted. */
  static <T> T perform(Work<T> work) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try {
          return work.perform();
        } catch (ClosedByInterruptException e) {
          interrupted = true; // meanwhile: once more
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
