package dev.bitacora.agent.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A spool of a test's own, so that nothing that another test left is delivered to it. */
public final class SpoolFolder {
  private SpoolFolder() {}

  public static Path fresh() {
    try {
      return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "spool");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
