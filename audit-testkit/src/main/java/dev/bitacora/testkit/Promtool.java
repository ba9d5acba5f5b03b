package dev.bitacora.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Prometheus' own checker of rules: the installed one. None is ever downloaded. */
public final class Promtool {
  private final Path executable;

  private Promtool(Path executable) {
    this.executable = executable;
  }

  /**
   * What it said.
   *
   * @param exitCode 0 when it found nothing wrong
   */
  public record Answer(int exitCode, String output) {}

  /**
   * The one on the search path.
   *
   * @throws IllegalStateException when there is none, naming the package to install
   */
  public static Promtool installed() {
    return in(System.getenv("PATH"));
  }

  static Promtool in(String searchPath) {
    for (String directory : searchPath.split(File.pathSeparator, -1)) {
      Path path = Path.of(directory, "promtool");
      if (Files.isExecutable(path)) {
        return new Promtool(path);
      }
    }
    throw new IllegalStateException(
        "no promtool for the tests: install the package prometheus (apt-get install"
            + " --no-install-recommends prometheus); its server need not run");
  }

  /** Runs it to its end, in this directory. */
  public Answer run(Path directory, String... arguments) {
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException("running " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command, e);
    }
  }
}
