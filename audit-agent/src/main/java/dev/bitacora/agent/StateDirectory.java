package dev.bitacora.agent;

import java.nio.file.Path;
import java.util.Optional;

/** Where a user's programs keep what outlives them (XDG Base Directory Specification). */
final class StateDirectory {
  private StateDirectory() {}

  static Path spool() {
    return Optional.ofNullable(System.getenv("XDG_STATE_HOME"))
        .filter(path -> path.startsWith("/"))
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "state"))
        .resolve("bitacora")
        .resolve("spool");
  }
}
