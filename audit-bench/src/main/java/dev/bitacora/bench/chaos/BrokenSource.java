package dev.bitacora.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A class of the product with one statement exchanged, so that a harness proves that it would
 * notice. It is compiled into a folder that stands before the product on a process's class path,
 * and is in no jar. When the source has changed so that the statement is not found, compiling fails
 * and says so.
 *
 * @param file below the project's root
 */
public record BrokenSource(String file, String statement, String replacement) {
  /**
   * Compiles the broken class.
   *
   * @param root of the project's sources
   * @param folder where the class goes
   */
  public void compileInto(Path root, Path folder) throws IOException {
    Path broken = folder.resolve(file.substring(file.lastIndexOf('/') + 1));
    Files.createDirectories(folder);
    Files.writeString(broken, source(root));
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
      throw new IllegalStateException(broken + " cannot be compiled");
    }
  }

  private String source(Path root) throws IOException {
    Path sound = root.resolve(file);
    String text = Files.readString(sound);
    int at = text.indexOf(statement);
    if (at < 0 || text.indexOf(statement, at + 1) >= 0) {
      throw new IllegalStateException(sound + " should hold this once: " + statement);
    }
    return text.replace(statement, replacement);
  }
}
