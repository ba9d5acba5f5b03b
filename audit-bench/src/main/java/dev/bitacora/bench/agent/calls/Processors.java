package dev.bitacora.bench.agent.calls;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bitacora.testkit.KafkaBroker;
import java.io.IOException;
import java.nio.file.Path;

/** Which processor a thread runs on. Thread-safe. */
final class Processors {
  private Processors() {}

  /**
   * Keeps the calling thread on the first processor, which a {@linkplain KafkaBroker#startElsewhere
   * broker of another machine} never takes.
   *
   * @throws IllegalStateException when the kernel cannot be told
   */
  static void pinToFirst() {
    try {
      // Java knows no thread's number in the kernel; proc(5) does.
      String thread = Path.of("/proc/thread-self").toRealPath().getFileName().toString();
      Process taskset =
          new ProcessBuilder("taskset", "--cpu-list", "--pid", "0", thread)
              .redirectErrorStream(true)
              .start();
      String said = new String(taskset.getInputStream().readAllBytes(), UTF_8);
      if (taskset.waitFor() != 0) {
        throw new IllegalStateException("taskset: " + said.strip());
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "a thread cannot be kept on one processor; expected Linux and taskset (util-linux)", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
