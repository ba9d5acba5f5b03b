package dev.bitacora.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Ways to break the agent on purpose, so that the harness proves that it would notice. One
 * statement of the agent's source is exchanged, and the class compiled into a folder that stands
 * before the agent on a component's class path. When the source has changed so that the statement
 * is not found, the sabotage fails and says so.
 */
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

  private static final String AGENT = "audit-agent/src/main/java/dev/bitacora/agent/";

  private final String source;
  private final String statement;
  private final String replacement;

  Sabotage(String source, String statement, String replacement) {
    this.source = source;
    this.statement = statement;
    this.replacement = replacement;
  }

  /**
   * The sabotage of this name.
   *
   * @throws IllegalArgumentException when there is none
   */
  static Sabotage of(String name) {
    return Arrays.stream(values())
        .filter(sabotage -> sabotage.text().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--sabotage: expected "
                        + Arrays.stream(values())
                            .map(Sabotage::text)
                            .collect(Collectors.joining(" or "))
                        + ", found "
                        + name));
  }

  String text() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /**
   * Compiles the broken class.
   *
   * @param root of the project's sources
   * @param folder where the class goes
   */
  void compileInto(Path root, Path folder) throws IOException {
    Path broken = folder.resolve(source.substring(source.lastIndexOf('/') + 1) + ".java");
    Files.createDirectories(folder);
    Files.writeString(broken, brokenSource(root));
    JavaCompiler compiler =
        Optional.ofNullable(ToolProvider.getSystemJavaCompiler())
            .orElseThrow(() -> new IllegalStateException("this Java has no compiler"));
    List<String> arguments =
        List.of(
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            folder.toString(),
            broken.toString());
    if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
      throw new IllegalStateException(text() + ": the broken class cannot be compiled");
    }
  }

  private String brokenSource(Path root) throws IOException {
    Path file = root.resolve(AGENT + source + ".java");
    String sound = Files.readString(file);
    int at = sound.indexOf(statement);
    if (at < 0 || sound.indexOf(statement, at + 1) >= 0) {
      throw new IllegalStateException(
          text() + ": " + file + " should hold this once: " + statement);
    }
    return sound.replace(statement, replacement);
  }
}
