package dev.bitacora.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The browser of the tests: the one that {@code BITACORA_CHROMIUM} names, or an installed one. None
 * is ever downloaded.
 */
public final class Chromium {
  /** Names the browser's executable. */
  public static final String VARIABLE = "BITACORA_CHROMIUM";

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  private Chromium() {}

  /**
   * The executable.
   *
   * @throws IllegalStateException when there is none, naming the package to install
   */
  public static Path executable() {
    String named = System.getenv(VARIABLE);
    if (named != null && !named.isBlank()) {
      Path path = Path.of(named);
      if (Files.isExecutable(path)) {
        return path;
      }
      throw new IllegalStateException(VARIABLE + " names no executable: " + named);
    }
    for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
      for (String name : NAMES) {
        Path path = Path.of(directory, name);
        if (Files.isExecutable(path)) {
          return path;
        }
      }
    }
    throw new IllegalStateException(
        "no browser for the tests: install the package chromium (apt-get install chromium), or set "
            + VARIABLE
            + " to the executable of one");
  }

  /** What it is started with: no window, nothing of its own on the network; as root no sandbox. */
  public static List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--headless",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run"));
    if (System.getProperty("user.name").equals("root")) {
      arguments.add("--no-sandbox");
    }
    return arguments;
  }
}
