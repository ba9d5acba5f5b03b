package dev.bitacora.bench.chaos;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Ways to break the agent on purpose, so that the harness proves that it would notice. One
 * statement of the agent's source is exchanged, and the class compiled into a folder that stands
 * before the agent on a component's class path. When the source has changed so that the statement
 * is not found, the sabotage fails and says so.
 */
@SuppressWarnings("ImmutableEnumChecker") // a record of texts
enum Sabotage {
  /** Recovery takes the first place without a record for the end. */
  STOP_AT_HOLE("spool/StoredReader", "offset += Long.BYTES;", "offset = end;"),
  /** A number is given out as soon as it is claimed, and the record written a little later. */
  ACK_BEFORE_DURABLE(
      "spool/MappedSegment",
      "return commit(offset, length, base + (claim >>> OFFSET_BITS), kind, 1, payload);",
      """
      long number = base + (claim >>> OFFSET_BITS);
      java.util.concurrent.CompletableFuture.delayedExecutor(
              20, java.util.concurrent.TimeUnit.MILLISECONDS)
          .execute(() -> commit(offset, length, number, kind, 1, payload));
      return number;
      """);

  private final BrokenSource broken;

  Sabotage(String source, String statement, String replacement) {
    this.broken =
        new BrokenSource(
            "audit-agent/src/main/java/dev/bitacora/agent/" + source + ".java",
            statement,
            replacement);
  }

  /**
   * Compiles the broken class.
   *
   * @param root of the project's sources
   * @param folder where the class goes
   */
  void compileInto(Path root, Path folder) throws IOException {
    broken.compileInto(root, folder);
  }
}
